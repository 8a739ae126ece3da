"""The sources: so far the synthetic scene of `livecam daisy`."""
