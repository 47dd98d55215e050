"""Maps: projections, outlines, flows.

May import `figures`.
"""
