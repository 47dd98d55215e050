"""The figures of a page as plotly specifications.

May import what reports share: numbers, names, frames.
"""
