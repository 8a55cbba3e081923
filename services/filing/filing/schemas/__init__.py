"""Requests, replies and the events that filing publishes; the contract is generated from here."""
