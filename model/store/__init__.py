"""Run folders on disk: whole or absent.

May import `audit`, `result` and what lies below it.
"""
