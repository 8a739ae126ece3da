"""Cameras: the OpenCV driver, the list of devices, their modes, and advice when one fails."""
