"""From torch to Keras weights, and from there into the program."""
