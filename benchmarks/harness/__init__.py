"""Running what is measured: processes of their own, and a display for those that open a window."""
