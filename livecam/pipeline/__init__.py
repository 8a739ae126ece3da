"""The main loop and its threads: source, network, annotation, sinks. Knows Protocols only."""
