"""Who is on duty: the agency's board, and a person's month with the reasons of each day."""
