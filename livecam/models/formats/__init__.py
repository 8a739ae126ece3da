"""Networks from files that other programs made: what they are, and what they hold."""
