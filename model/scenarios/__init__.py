"""What changes a case: scenario files, their steps, and a case prepared for solving.

May import `case`, `checking` and `reading`.
"""
