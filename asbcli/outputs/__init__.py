"""What leaves the program, one file a form; `leaks.py` is the one door all of them go through."""
