"""Models: which there are, where their weights are, and the surgery that gives maps."""
