"""The keys that come with the instrument: a table, from which the key sheet is made.

They are ordinary Bindings. Keys are named as one says them: modifiers first, joined by "+".
"""

from __future__ import annotations

from app.binding import Binding, Fire, Flip, Hold, Move, Put, Source, Step

KEYS: tuple[tuple[str, str, Move], ...] = (
    ("Space", "/transport/toggle", Fire()),
    ("Ctrl+.", "/panic", Fire()),
    ("T", "/composer/temperature", Step(0.1)),
    ("G", "/composer/temperature", Step(-0.1)),
    ("Shift+T", "/composer/temperature", Step(0.01)),
    ("Shift+G", "/composer/temperature", Step(-0.01)),
    ("D", "/composer/density", Step(0.1)),
    ("F", "/composer/density", Step(-0.1)),
    ("Shift+D", "/composer/density", Step(0.01)),
    ("Shift+F", "/composer/density", Step(-0.01)),
    ("I", "/composer/intensity", Step(0.1)),
    ("K", "/composer/intensity", Step(-0.1)),
    ("Shift+I", "/composer/intensity", Step(0.01)),
    ("Shift+K", "/composer/intensity", Step(-0.01)),
    ("C", "/composer/next", Fire()),
    ("Shift+C", "/composer/previous", Fire()),
    ("M", "/composer/mute", Flip()),
    ("Return", "/composer/train", Fire()),
    *((str(number), "/listener/record", Hold(float(number))) for number in range(1, 10)),
    ("Q", "/quit/ask", Fire()),
    ("Ctrl+Z", "/undo", Fire()),
    ("Ctrl+Shift+Z", "/redo", Fire()),
    ("Ctrl+S", "/session/save", Fire()),
    ("Ctrl+M", "/map/on", Flip()),
    ("F1", "/window/view", Put("studio")),
    ("F2", "/window/view", Put("stage")),
    ("F11", "/window/fullscreen", Flip()),
    *((f"Shift+F{number}", "/scene/call", Fire((float(number),))) for number in range(1, 9)),
    ("?", "/window/keys", Flip()),
)


def factory_keys() -> list[Binding]:
    """Return the instrument's own key bindings."""
    return [Binding(Source("key", key), target, move, factory=True) for key, target, move in KEYS]
