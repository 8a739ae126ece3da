"""What the boxes around things are worth, and what they cost."""
