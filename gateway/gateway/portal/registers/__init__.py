"""Registers: machines, people, projects, certificates. A list with its filters in the address, and a page for each record."""
