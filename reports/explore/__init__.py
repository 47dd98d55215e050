"""The what-if page and its server on this machine alone.

May import `figures`, `maps`, `page` and the what-if study.
"""
