"""From a decoded frame to upright BGR pixels with a time, and the verdict on what is missing."""
