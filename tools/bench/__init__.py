"""Measurements of what the project promises to be fast and small; ``python -m tools.bench.bench`` prints them."""
