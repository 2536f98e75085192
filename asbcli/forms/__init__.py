"""What each verb asks for, and how its answers are read."""
