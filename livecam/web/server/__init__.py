"""The web server: listener, connections, access policy, rate limits, security headers."""
