"""What to build and when, over the periods of a case.

May import `siting` and the modules that studies share.
"""
