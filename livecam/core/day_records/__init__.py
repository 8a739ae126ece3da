"""What a day of watching comes to: counts by class and hour, and where the evidence lay."""
