"""The pytest plugin of the whole repository; loaded by the root pyproject.toml."""
