"""Map mode and the table of bindings as the window sees them, with live values and ghost ticks.

The lines are made anew only when the table, a source or a value moved, and thirty times a second at most: a table of
two hundred lines must not cost the music anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.binding import MOVES, Binding, Fire, Follow, Hold, Pick, Put, Step, Turn
from app.binding_move import kind_of
from app.guess import KINDS
from app.hand import TAKE_OVER, Hands
from app.map_mode import MapMode
from app.map_table import MapTable
from app.parameter import Parameter
from app.snapshot_map import ControllerState, MapConflict, MapLine, MapState
from app.take_over import NEAR
from app.transport import Clock

STATE_S, REFRESH_S = 0.02, 0.033
CALM_S = 2.0  # A line whose source rests for so long looks the same until it moves.
MOVE_NAMES = {kind: name for name, kind in MOVES.items()}


class MapView:
    """Makes the MapState."""

    def __init__(
        self,
        hands: Hands,
        mode: MapMode,
        table: MapTable,
        clock: Clock,
        controllers: Callable[[], Sequence[ControllerState]],
        profiles: Callable[[], tuple[str, ...]],
    ) -> None:
        self._hands, self._mode, self._table, self._clock = hands, mode, table, clock
        self._controllers, self._profiles = controllers, profiles
        self._lines: tuple[MapLine, ...] = ()
        self._ghosts: dict[str, float] = {}
        self._made = float("-inf")
        self._seen: tuple[object, ...] = ()
        self._known: dict[Binding, MapLine] = {}
        self._settled = (-1, -1)
        self._state = MapState()
        self._stated = float("-inf")

    def state(self) -> MapState:
        """Return what there is to see, made anew fifty times a second at most."""
        now = self._clock.now()
        if now - self._stated >= STATE_S:
            self._stated, self._state = now, self._make(now)
        return self._state

    def _make(self, now: float) -> MapState:
        seen = (self._hands.bindings.version, self._hands.moves, self._hands.feels)
        if seen != self._seen and now - self._made >= REFRESH_S:
            self._seen, self._made = seen, now
            self._lines = self._make_lines(now)
            self._ghosts = self._make_ghosts()
        return replace(
            self._mode_state(),
            lines=self._lines,
            ghosts=self._ghosts,
            located=self._table.located,
            locating=self._table.locating,
            controllers=tuple(self._controllers()),
            profiles=self._profiles(),
        )

    def _mode_state(self) -> MapState:
        mode, found = self._mode, self._mode.seen
        return MapState(
            on=mode.on,
            locked=mode.locked,
            target=mode.target,
            arguments=mode.making.arguments,
            title=self._title(mode.target),
            waiting=mode.waiting,
            source=found.source.show() if found else "",
            guess=found.text if found else "",
            encoding=found.kind if found else "",
            encodings=KINDS,
            sure=found.sure if found else True,
            value=found.value if found else None,
            conflict=self._conflict(),
            bound=self._table.number(mode.bound) if mode.bound is not None else 0,
        )

    def _conflict(self) -> MapConflict | None:
        proposal = self._mode.proposal
        if proposal is None:
            return None
        titles = tuple(dict.fromkeys(self._title(one.target) or one.target for one in proposal.others))
        source = proposal.binding.source.show()
        return MapConflict(source, self._mode.target, titles, f"{source} moves {', '.join(titles)}")

    def _make_lines(self, now: float) -> tuple[MapLine, ...]:
        lines = list(self._hands.bindings)
        counts = Counter(line.source for line in lines)
        usual = self._hands.tree.find(TAKE_OVER)
        settled = (self._hands.bindings.version, usual.version if usual is not None else 0)
        if settled != self._settled:
            self._settled = settled
            self._known.clear()
        for line in lines:
            felt = self._hands.felt.get(line.source)
            if line not in self._known or (felt is not None and now - felt.seconds < CALM_S):
                self._known[line] = self._line(line, counts[line.source] > 1, now)
        return tuple(self._known[line] for line in lines)

    def _line(self, binding: Binding, shared: bool, now: float) -> MapLine:
        move, felt = binding.move, self._hands.felt.get(binding.source)
        start, end = (move.start, move.end) if isinstance(move, Follow | Turn) else (0.0, 1.0)
        return MapLine(
            number=self._table.number(binding),
            source=binding.source.show(),
            target=binding.target,
            title=self._title(binding.target),
            kind=binding.source.kind,
            controller=binding.source.port,
            move=MOVE_NAMES[type(move)],
            encoding=kind_of(binding),
            start=start,
            end=end,
            curve=move.curve if isinstance(move, Follow) else 0.0,
            take_over=self._hands.take_over(binding) if isinstance(move, Follow) else "",
            value=felt.value if felt is not None else None,
            ago=now - felt.seconds if felt is not None else None,
            shared=shared,
            factory=binding.factory,
            profile=binding.profile,
            arguments=_arguments(binding),
        )

    def _make_ghosts(self) -> dict[str, float]:
        """Return where hands stand that would not move their value now."""
        ghosts: dict[str, float] = {}
        for binding, grip in self._hands.grips.items():
            move, parameter = binding.move, self._hands.tree.find(binding.target)
            if grip.hardware is None or not isinstance(move, Follow) or not isinstance(parameter, Parameter):
                continue
            low, high = sorted((move.start, move.end))
            hand = low + grip.hardware * (high - low)
            stands = grip.standing(parameter.position, parameter.version)
            is_waiting = self._hands.take_over(binding) != "immediate" and abs(hand - stands) > NEAR
            if is_waiting and binding in self._hands.bindings.for_source(binding.source):
                ghosts[binding.target] = hand
        return ghosts

    def _title(self, address: str) -> str:
        found = self._hands.tree.find(address) or self._hands.actions.find(address)
        return found.title if found else ""


def _arguments(binding: Binding) -> str:
    """Return what a press sets, adds or fires with, as text."""
    match binding.move:
        case Put(value) | Hold(value):
            return _short(value)
        case Step(amount):
            return f"{amount:+g}"
        case Fire(arguments) | Pick(_, arguments):
            return " ".join(_short(one) for one in arguments)
    return ""


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
