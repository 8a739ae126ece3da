"""From the processing loop to the browsers: newest frame, MJPEG stream, chart history, viewers."""
