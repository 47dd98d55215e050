"""The exact value of capacity, or the cost along any other figure.

May import the modules that studies share.
"""
