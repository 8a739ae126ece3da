"""Native libraries: loading TensorFlow, silencing what they print, file names for FFmpeg."""
