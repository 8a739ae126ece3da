"""Archives of many clips: the columns of their tables, and the moments found in them."""
