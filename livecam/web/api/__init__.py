"""The HTTP API: routes, messages, state as JSON, metrics."""
