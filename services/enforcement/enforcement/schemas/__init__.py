"""Requests and replies; the contract is generated from here."""
