"""Tells others of events: a broker (MQTT), a web server, a command; none of them is waited for."""
