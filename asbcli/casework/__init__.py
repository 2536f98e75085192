"""What officers do: one verb, one function."""
