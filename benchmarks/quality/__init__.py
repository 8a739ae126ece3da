"""How true maps are, beside how fast they come."""
