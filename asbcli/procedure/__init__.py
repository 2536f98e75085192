"""The written procedures, as data and pure functions."""
