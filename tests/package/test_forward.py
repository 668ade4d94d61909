"""The checks of notebook 01 know right from wrong."""
