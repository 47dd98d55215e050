"""The what-if page and its server on this machine alone.

May import `figures`, `maps` and the what-if study.
"""
