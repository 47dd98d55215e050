"""What a run found: flows, balance, observed figures.

May import `solve` and what lies below it.
"""
