"""What a command prints, and the wiring from a request to a run folder.

May import every other report.
"""
