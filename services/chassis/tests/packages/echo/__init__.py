"""A service made for the tests of the chassis: it does what it is told, and keeps evidence of it."""
