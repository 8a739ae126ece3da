"""Watching: looks at sources, the rules that make events of them, and who is told."""
