"""Where to build: which projects to choose, what comes next, what would change the choice."""
