"""The players: each hears frames, beats and other players, and emits events."""
