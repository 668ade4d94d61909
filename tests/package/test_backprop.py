"""The checks of notebook 03 let no wrong answer pass."""
