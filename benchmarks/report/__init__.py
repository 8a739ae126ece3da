"""The results: rows, tables, and the machine that they were measured on."""
