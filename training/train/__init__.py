"""The trainings: teacher, student, localisation of the maps, calibration of the head."""
