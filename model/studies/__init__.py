"""Questions asked of the core, one a file."""
