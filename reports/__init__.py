"""Reports: pure functions of a result. They need no solver."""
