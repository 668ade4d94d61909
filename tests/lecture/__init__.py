"""The notebooks: their prose, their pairs, what they store, and what students do with them."""
