"""How far flows may vary in plans that cost nearly as little.

May import the modules that studies share.
"""
