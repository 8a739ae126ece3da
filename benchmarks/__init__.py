"""livecam against its targets and against other runtimes, on this machine: see README.md."""
