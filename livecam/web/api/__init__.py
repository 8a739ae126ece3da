"""The HTTP API: its messages, state as JSON, metrics, and the routes."""
