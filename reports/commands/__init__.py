"""The command line: options, help, and the way to the answer. May import every room."""
