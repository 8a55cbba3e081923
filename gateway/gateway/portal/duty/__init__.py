"""Who is on duty: the board, a person's month with its reasons and corrections, absences, leadership shifts."""
