"""Runs side by side: inputs that differ, outputs, cost attribution.

May import the modules that studies share.
"""
