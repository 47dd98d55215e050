"""Run folders on disk: whole or absent.

May import `result` and what lies below it.
"""
