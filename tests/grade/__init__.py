"""Grading: what is handed in, in good faith or not, and what becomes of it."""
