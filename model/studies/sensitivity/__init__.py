"""What the conclusions rest on: each assumed figure over its range.

May import `parametric` and the modules that studies share.
"""
