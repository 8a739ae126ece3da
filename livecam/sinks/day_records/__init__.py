"""What is written for every day of watching: counts, mean maps, a time-lapse."""
