"""The settings: every one with its default, its help text and what it may be."""
