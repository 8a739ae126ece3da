"""The networks: which there are, their weights, the surgery for activation maps, and exports."""
