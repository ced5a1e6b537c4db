"""The Rules for the eye: their part of the engine's picture.

What is long (presets, rules, cells) is made anew only when it changed; the rest no more often than an eye can see.
"""

from __future__ import annotations

from dataclasses import replace

from app.player.rules.call import columns
from app.player.rules.player import Rules
from app.player.rules.snap import never_said
from app.snapshot import Snapshot
from app.snapshot_rules import KnobState, LabelCount, PresetRow, RulesState, SoundingState
from app.transport import Clock

LOOK_S = 0.04


class View:
    """Adds the Rules to the engine's picture."""

    def __init__(self, player: Rules, clock: Clock) -> None:
        self._player, self._clock = player, clock
        self._looked = float("-inf")
        self._state = RulesState()
        self._rows: tuple[int, tuple[PresetRow, ...]] = (-1, ())
        self._point: object = None
        self._named, self._near = "", (0, 0)

    def picture(self, snapshot: Snapshot) -> Snapshot:
        now = self._clock.now()
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._state = self._describe(now)
        return replace(snapshot, rules=self._state)

    def _describe(self, now: float) -> RulesState:
        player, study = self._player, self._player.study
        model = player.model
        # Whoever is tested must not see what is about to sound.
        coming = player.coming.state if player.coming and not player.blind.test else None
        distance, consistency = (player.tree.number(f"/rules/{name}").value for name in ("distance", "consistency"))
        return RulesState(
            synth=player.voice.synth.title,
            presets=self._presets(),
            labels=self._labels(),
            rules=model.rules if model else (),
            knobs=self._knobs(),
            sounding=self._sounding(),
            cells=study.cells,
            distance=int(distance),
            consistency=consistency,
            exact=model.exact if model else True,
            ms=model.seconds * 1000 if model else 0.0,
            made_ago=None if study.made_s is None else now - study.made_s,
            learning=study.learning,
            palette=player.palette.names,
            playing=player.playing,
            conflicts=model.conflicts if model else (),
            near=model.near if model else (),
            warnings=self._warnings(),
            echo=player.echo,
            candidate=study.candidate.title if study.candidate else "",
            lineage=tuple(player.lineage),
            names=player.table.names,
            places=self._places(player.table.names),
            rule_places=self._places(model.names) if model else (),
            snap=study.snapping,
            blind=player.blind.state,
            coming=coming,
            coming_at=player.sequence.waits if coming else "",
        )

    def _places(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return, by column, the knob that it means, -1 for none."""
        return tuple(-1 if place is None else place for place in columns(names, self._player.board.synth))

    def _presets(self) -> tuple[PresetRow, ...]:
        table = self._player.table
        if self._rows[0] != table.version:
            rows = tuple(PresetRow(row.number, row.values, row.label, row.origin) for row in table.rows)
            self._rows = table.version, rows
        return self._rows[1]

    def _labels(self) -> tuple[LabelCount, ...]:
        """The model's figures, and the labels that it does not know yet."""
        kept: dict[str, int] = {}
        for row in self._player.table.rows:
            if row.label:
                kept[row.label] = kept.get(row.label, 0) + 1
        model = self._player.model
        known = {count.label: count for count in model.counts} if model else {}
        fresh = [LabelCount(label, presets) for label, presets in kept.items() if label not in known]
        return (*(replace(count, presets=kept.get(label, 0)) for label, count in known.items()), *fresh)

    def _knobs(self) -> tuple[KnobState, ...]:
        board, model = self._player.board, self._player.model
        repeats = dict(zip(columns(model.names, board.synth), model.repeats, strict=True)) if model else {}
        states = []
        for place, (knob, value) in enumerate(zip(board.synth.knobs, board.values, strict=True)):
            parameter, locked = board.knobs[place], place in board.locked
            shown = value if isinstance(value, str) else float(value)
            states.append(
                KnobState(
                    knob.name,
                    parameter.address,
                    shown,
                    parameter.position,
                    locked,
                    repeats.get(place, True),
                    knob.unit,
                    *board.spans.get(place, (0.0, 1.0)),
                )
            )
        return tuple(states)

    def _sounding(self) -> SoundingState:
        """What is heard, with the label of this very point and, for what no rule made, the nearest kept preset."""
        player, state = self._player, self._player.sounding
        if player.blind.test:
            return SoundingState(morph=state.morph)  # Whoever is tested must not see what it is.
        key = (player.voice.goal, player.table.version, id(player.model))
        if key != self._point:
            self._point = key
            self._named, self._near = player.named(), player.nearest()
        if state.rule:
            return replace(state, named=self._named)
        nearest, changed = self._near
        return replace(state, named=self._named, nearest=nearest, changed=changed, new=bool(nearest and changed))

    def _warnings(self) -> tuple[str, ...]:
        """What stands in the way of rules."""
        player, model = self._player, self._player.model
        said = [player.blind.test.question] if player.blind.test else []
        said += [player.warned] if player.warned else []
        if model:
            said += never_said(model.names, model.repeats, len(model.numbers))
        return tuple(said)
