"""What the conclusions rest on: each assumed figure over its range.

May import the modules that studies share.
"""
