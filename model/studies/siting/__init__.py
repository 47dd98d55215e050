"""Which projects to build and which origins to close.

May import `curve`, `parametric` and the modules that studies share.
"""
