"""Writes archives: the parts of their table, and the manifest of what was done."""
