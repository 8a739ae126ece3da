"""From the source's frame to the annotated picture: throughput, latency, overhead, memory."""
