"""The explorers: what all of them promise, and what each of them shows."""
