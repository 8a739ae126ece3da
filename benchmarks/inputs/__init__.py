"""What is measured on: networks with random weights, a clip, photographs, and where they lie."""
