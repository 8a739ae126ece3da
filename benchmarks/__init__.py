"""livecam against its targets and its peers, on this machine: `python -m benchmarks`."""
