"""Reports: pure functions of a result. They need no solver.

May import the model, but for its solver.
"""
