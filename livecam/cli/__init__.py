"""The command line: arguments to settings to exit code. The only place that prints."""
