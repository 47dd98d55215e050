"""From a market to a proved optimum: the program, the solver, column generation, marginal values.

May import `market` and what lies below it.
"""
