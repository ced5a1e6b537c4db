"""The window's own state as Parameters, so that keys, OSC and sessions reach it."""

from __future__ import annotations

from app.parameter import Linear, Parameter, Steps, Tree, switch


def add_window(tree: Tree) -> None:
    """Add them; none is a step of undo."""
    players = Steps(("listener", "rules", "follower", "composer"))
    views, themes = Steps(("studio", "stage")), Steps(("dark", "light"))
    for parameter in (
        Parameter("/window/view", 1, views, title="View", help="Studio to prepare, Stage to play"),
        Parameter("/window/player", 3, players, title="Player", help="Whose columns Studio shows"),
        Parameter("/window/keys", 0, switch(), title="Key sheet", help="Shows every key", kept=False),
        Parameter("/window/fullscreen", 0, switch(), title="Full screen", kept=False),
        Parameter("/window/size", 100, Linear(90, 175, 1, 0), "%", "Size", "Of everything in the window"),
        Parameter("/window/code", 100, Linear(60, 300, 10, 0), "%", "Size of programs", "Of the text one plays with"),
        Parameter("/window/dim", 0, Linear(0, 0.8), title="Dim", help="Darkens the window for dark halls"),
        Parameter("/window/theme", 0, themes, title="Theme"),
        Parameter("/window/motion", 1, switch(), title="Motion", help="Off: no trails and pulses"),
        Parameter("/window/coach", 1, switch(), title="Hints", help="Says what to try next"),
    ):
        parameter.undoable = False
        tree.add(parameter)
