"""Native libraries: how they are loaded, silenced and addressed."""
