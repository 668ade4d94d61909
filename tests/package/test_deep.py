"""The checks of notebook 06 let no mistake pass."""
