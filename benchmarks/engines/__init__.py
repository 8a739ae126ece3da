"""The network alone: how long it takes in each runtime, and how accurate int8 is."""
