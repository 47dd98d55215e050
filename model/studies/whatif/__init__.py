"""A case whose figures are moved by hand, solved again at each move.

May import `parametric` and the modules that studies share.
"""
