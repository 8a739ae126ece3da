"""What viewers receive: newest frame, MJPEG, WebSocket messages, history."""
