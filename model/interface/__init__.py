"""The functions that Python users call; `model` itself gives them out. May import every room."""
