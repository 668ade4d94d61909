"""Grades submitted notebooks by the lecture's own checks: ``make grade SUBMISSIONS=folder``."""
