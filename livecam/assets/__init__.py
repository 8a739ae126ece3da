"""What the wheel carries besides code: names of classes."""
