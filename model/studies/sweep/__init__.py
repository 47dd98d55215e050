"""Thousands of draws of uncertain figures, each solved and proved over every lane on offer.

May import `parametric` and the modules that studies share.
"""
