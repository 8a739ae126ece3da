"""Files as a source: pictures of any format, and folders and globs of pictures and clips."""
