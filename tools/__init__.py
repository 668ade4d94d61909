"""What only the maintainer runs, from the root of the project; it is not installed."""
