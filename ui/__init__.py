"""The window: the only place that imports Qt, and nothing musical happens in it."""
