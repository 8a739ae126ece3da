"""The web server: listener, middleware, access policy, rate limits and connections."""
