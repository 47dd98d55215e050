"""The what-if page: sliders and boxes on one side, the figures of the report on the other."""
