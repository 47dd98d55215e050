"""Which projects to build and which origins to close.

May import the modules that studies share.
"""
