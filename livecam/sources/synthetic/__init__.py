"""The built-in 3D daisy: its geometry, its light, its meadow and its motion."""
