"""What must never happen, each line a check that drives the real program."""
