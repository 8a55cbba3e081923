"""Penalty cases, from the clue to the closed file: who may do what when, what it weighs, and what it costs."""
