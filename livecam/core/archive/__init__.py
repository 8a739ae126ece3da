"""The archive: what its table holds, how clips are cut into segments, which parts count."""
