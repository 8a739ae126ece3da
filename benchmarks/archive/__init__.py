"""Archives of many clips: how fast they are made, and searched."""
