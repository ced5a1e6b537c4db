"""Estimators: what learns from examples, and the plain arithmetic that answers while one plays."""
