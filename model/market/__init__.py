"""A case as arrays: origins, sinks, limits and every lane on offer.

May import `case`.
"""
