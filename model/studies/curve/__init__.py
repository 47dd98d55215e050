"""The exact value of capacity, or the cost along any other figure.

May import `parametric` and the modules that studies share.
"""
