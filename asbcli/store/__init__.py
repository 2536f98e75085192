"""One database: its tables, the chained log that fills them, and read-only SQL."""
