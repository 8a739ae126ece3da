"""The settings: each one with its default, its help text, its allowed values and its origin."""
