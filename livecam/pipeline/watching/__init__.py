"""The loop of `livecam watch`: looks at sources by turns, and makes events of what it sees."""
