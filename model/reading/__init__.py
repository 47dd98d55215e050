"""CSV, TOML and workbooks into the tables of a case, with every fault at once.

May import `checking` and `case`.
"""
