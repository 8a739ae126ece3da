"""What others are told of events: messages, topics, what Home Assistant wants, what may wait."""
