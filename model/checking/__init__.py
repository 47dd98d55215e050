"""What tables must hold: bounds, keys, references, and rules across tables."""
