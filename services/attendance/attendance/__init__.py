"""Attendance: positions, presence on site, and the verdicts that follow from them."""
