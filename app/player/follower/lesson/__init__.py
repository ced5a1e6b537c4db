"""Lessons: how a channel of the Follower learns its target from what other channels do.

Nothing is imported here: the process that trains must start light.
"""
