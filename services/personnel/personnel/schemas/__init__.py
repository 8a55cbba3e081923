"""Requests and replies. The contract is generated from here; the events we publish stand in `published`."""
