"""Anti-social-behaviour cases for a Scottish housing officer, at a terminal."""

__version__ = "0.1.0"
SELDOM = 100_000  # how many objects are made and not freed until garbage is looked for again
