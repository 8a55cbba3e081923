"""Lifting machines (建筑起重机械), their history, and which project each is locked to."""
