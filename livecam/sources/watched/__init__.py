"""Sources that are watched: few pictures are decoded, and the camera's own packets are held."""
