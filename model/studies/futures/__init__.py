"""One set of projects and closures for several futures: least expected cost, worst cost, or regret.

May import siting and what studies share.
"""
