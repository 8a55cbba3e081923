"""Enforcement: inspections, the orders that follow from them, and penalty cases."""
