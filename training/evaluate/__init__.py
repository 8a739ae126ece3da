"""Accuracy, calibration and peaks of the maps, on pictures and scenes that were held out."""
