"""Drawings, by their artists."""
