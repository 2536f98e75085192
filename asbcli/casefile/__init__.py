"""What a case is: its typed log entries, and what they add up to."""
