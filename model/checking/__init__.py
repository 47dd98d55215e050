"""The rules of a case, across cells, rows and tables; what is wrong and what looks odd.

May import `case`.
"""
