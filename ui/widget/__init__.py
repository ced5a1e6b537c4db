"""Single controls and displays, painted by ourselves and fed by polling."""
