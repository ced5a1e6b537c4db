"""The instrument itself: it imports no Qt and runs without a window."""
