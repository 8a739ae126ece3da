"""Conditions like "daisy > 0.8": parsed, and asked of the figures of a picture."""
