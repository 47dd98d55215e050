"""The page of a run: sections, tables, answers.

May import `figures` and `maps`.
"""
