"""The command line: it reads flags and answers, calls one operation, and shows the result."""
