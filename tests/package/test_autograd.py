"""The checks of notebook 04 know right from wrong, and say why."""
