"""The page of an archive: moments found by a condition, with pictures, played at the second."""
