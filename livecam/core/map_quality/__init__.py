"""Is a map true? Deletion and insertion, drop, pointing, overlap; baselines and intervals."""
