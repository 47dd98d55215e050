"""What a case is: its schema, its tables, its cells as text and as values, its faults.

May import `model.arrays`.
"""
