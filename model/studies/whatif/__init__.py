"""A case held ready for what-if questions: knobs to move, and an exact answer in milliseconds."""
