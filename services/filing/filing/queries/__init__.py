"""Reads: lists, search, detail, as plain dicts. Rights are part of the SQL; nothing here commits."""
