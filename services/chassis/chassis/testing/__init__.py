"""Fixtures for the tests of every package: real servers, service processes, a frozen clock."""
