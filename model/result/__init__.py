"""What a run found: flows, balance, observed figures.

May import `market` and what lies below it.
"""
