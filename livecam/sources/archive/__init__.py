"""Archives: the parts that `livecam batch` has written, read and searched."""
