"""Teaching: classes of one's own, a linear head on the pooled features of a frozen network."""
