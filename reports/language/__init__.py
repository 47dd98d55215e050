"""Numbers and names as people read them.

May import nothing of the reports.
"""
