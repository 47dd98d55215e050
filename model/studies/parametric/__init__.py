"""One figure that moves: the least cost as a function of it, shared by the studies.

May import the modules that studies share.
"""
