"""Where independent tasks run: a pool of processes on this machine, or a cluster of machines."""
