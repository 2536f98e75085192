"""A procedure file as its author writes it: found, parsed, composed, and every mistake in it told."""
