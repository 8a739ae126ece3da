"""Live sources: a thread reads the newest picture, a watchdog notices when none comes."""
