"""Anti-social-behaviour cases for a Scottish housing officer, at a terminal."""

__version__ = "0.1.0"
