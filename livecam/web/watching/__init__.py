"""The page of watched sources and their events."""
