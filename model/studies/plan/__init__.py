"""When to build: several years at once, stocks carried, projects that start when they pay."""
