"""From the command to the first frame and to the first window."""
