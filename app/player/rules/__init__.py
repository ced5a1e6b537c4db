"""Rules: a few labelled presets become many, by rules that can be read."""
