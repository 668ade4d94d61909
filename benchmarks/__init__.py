"""Measurements of what the project promises to be fast and small; ``python -m benchmarks.bench`` prints them."""
