"""The time-ordered queue between the players and the ports.

Players hand events over early, each with its due time; the queue sends each at its moment to each port, shifted
by the port's own latency. It is a plain class on an injected clock: the process around it only waits.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

from app.command import (
    Adopt,
    Command,
    Configure,
    Panic,
    Ping,
    Play,
    Quit,
    Release,
    Reply,
    Report,
    Retime,
    Silent,
    Status,
    Withdraw,
)
from app.device.base import Device, DeviceSpec
from app.event import Event, NoteOff, NoteOn, NoteVelocity
from app.outlet import Outlet
from app.transport import Bend, Clock

__all__ = [
    "Adopt",
    "Command",
    "Configure",
    "Dispatcher",
    "Panic",
    "Ping",
    "Play",
    "Quit",
    "Release",
    "Reply",
    "Report",
    "Retime",
    "Silent",
    "Status",
    "Withdraw",
]

SILENT_S = 1.0  # Without a sign of the engine for so long, nothing may go on sounding.
REPORT_S = 0.1
CHECK_S = 1.0
CHECK_LOST_S = 0.25  # A port that is missing is looked for more often.
CALM_S = 0.025  # A check may take 15 ms (becoming a JACK client), so it waits for a gap between notes,
URGENT_S = 3.0  # but not for ever.
MOST_LATENESSES = 2000

Entry = tuple[float, int, int, str, Event]  # Due, rank at the same due time, order of arrival, port, event.


class Dispatcher:
    """The queue and its ports.

    Attributes: `ended` (after Quit), `realtime` (told in reports).
    """

    def __init__(
        self,
        make: Callable[[DeviceSpec], Device],
        clock: Clock,
        post: Callable[[Reply], None],
        realtime: bool = False,
    ) -> None:
        self.ended = False
        self.realtime = realtime
        self._make, self._clock, self._post = make, clock, post
        self._outlets: dict[str, Outlet] = {}
        self._leads: dict[str, float] = {}  # By how much each port's events stand earlier in the queue, in seconds.
        self._posted: dict[str, Status] = {}
        self._queue: list[Entry] = []
        self._strikes: set[tuple[float, str, str, int]] = set()
        self._order = 0
        self._heard = self._reported = clock.now()
        self._checked: dict[str, float] = {}
        self._late_ms: list[float] = []
        self._errors: list[str] = []
        self._dropped = 0
        self._withdrew = False  # Since the last report.
        self._serves = False  # Whether it was ever told more than which ports to open.

    # --- commands -------------------------------------------------------------------------------------

    def handle(self, command: Command) -> None:
        """Obey a command. What it plays is sent by the next `run_due`."""
        self._heard = self._clock.now()
        self._serves |= not isinstance(command, Configure | Quit)
        match command:
            case Play():
                self._queue_up(command)
            case Configure(specs):
                self._configure(specs)
            case Withdraw(part):
                self._withdraw(part)
            case Retime(part, bend):
                self._retime(part, bend)
            case Release(part):
                self._release(part)
            case Adopt():
                self._adopt(command)
            case Panic():
                self._panic()
            case Ping():
                pass  # That it was heard is all.
            case Quit():
                self._quit()

    def _queue_up(self, command: Play) -> None:
        event, due = command.event, command.due
        if not playable(event):
            self._note_error(f"{event.part} sent a note outside of 0 to 127; it was left out: {event}")
            return
        on_time = math.isfinite(due) and due > 0
        for name in command.devices:
            outlet = self._outlets.get(name)
            if outlet is None:
                self._dropped += 1
                continue
            # A port that wants its events early gets them early; what is due now reaches it now and leaves later.
            start = due - self._leads[name] if on_time else self._heard
            self._push(start + outlet.spec.latency_ms / 1000, name, event)

    def _push(self, due: float, name: str, event: Event) -> None:
        """Queue an event: offs before ons at the same time, but one pitch's own events in the order they came."""
        rank = 1
        if isinstance(event, NoteOn):
            self._strikes.add((due, name, event.part, event.pitch))
        elif isinstance(event, NoteOff) and (due, name, event.part, event.pitch) not in self._strikes:
            rank = 0
        self._order += 1
        heapq.heappush(self._queue, (due, rank, self._order, name, event))

    def _configure(self, specs: tuple[DeviceSpec, ...]) -> None:
        wanted = {spec.name: spec for spec in specs}
        for name, outlet in tuple(self._outlets.items()):
            if name in wanted and outlet.spec.same_port(wanted[name]):
                self._shift(name, (wanted[name].latency_ms - outlet.spec.latency_ms) / 1000)
                outlet.retune(wanted[name])
            else:
                self._keep(lambda entry, name=name: entry[3] != name)  # type: ignore[misc]
                outlet.close()
                del self._outlets[name], self._leads[name]
                self._count(outlet)
        for name, spec in wanted.items():
            if name not in self._outlets:
                self._outlets[name] = Outlet(spec, self._make)
                self._leads[name] = self._outlets[name].lead_s
                self._checked[name] = self._clock.now()
        self._post_states()

    def _shift(self, name: str, seconds: float) -> None:
        """Move what a port has queued when its latency or lead changes, so that no note-off overtakes its note-on."""
        if seconds:
            self._queue = [
                (due + seconds if of == name else due, rank, order, of, event)
                for due, rank, order, of, event in self._queue
            ]
            self._keep(lambda entry: True)

    def _withdraw(self, part: str | None) -> None:
        self._withdrew = True  # Whoever waits to hear of what was queued would wait in vain.
        self._keep(lambda entry: part is not None and entry[4].part != part)

    def _retime(self, part: str, bend: Bend) -> None:
        """Move what a part has queued, by its own time and not by that at which its port wants it."""

        def moved(entry: Entry) -> Entry:
            due, rank, order, name, event = entry
            if event.part != part:
                return entry
            early = self._leads[name] - self._outlets[name].spec.latency_ms / 1000
            return bend.time(due + early) - early, rank, order, name, event

        self._queue = [moved(entry) for entry in self._queue]
        self._keep(lambda entry: True)

    def _keep(self, wanted: Callable[[Entry], bool]) -> None:
        self._queue = [entry for entry in self._queue if wanted(entry)]
        heapq.heapify(self._queue)
        self._strikes = {
            (due, name, event.part, event.pitch) for due, _, _, name, event in self._queue if isinstance(event, NoteOn)
        }

    def _release(self, part: str | None) -> int:
        self._withdraw(part)
        return sum(outlet.release(part) for outlet in self._outlets.values())

    def _adopt(self, command: Adopt) -> None:
        for name in command.devices:
            if name in self._outlets:
                for part, pitch in command.held:
                    self._outlets[name].adopt(part, pitch)

    def _panic(self) -> None:
        started = self._clock.now()
        released = self._release(None)
        for outlet in self._outlets.values():
            outlet.panic()
        self._post(Silent(released, (self._clock.now() - started) * 1000))

    def _quit(self) -> None:
        if not self.ended:
            if self._serves:
                self._panic()
            else:  # It only stood by: on the same ports another plays, or has said all that there is to say.
                self._post(Silent(0, 0.0))
            self._report(self._clock.now())
            self._configure(())
            self.ended = True

    # --- time -----------------------------------------------------------------------------------------

    def next_due(self) -> float:
        """Return when the next event is due, in seconds of the clock; infinity if none is queued."""
        return self._queue[0][0] if self._queue else math.inf

    def run_due(self, now: float) -> None:
        """Send everything that is due at `now`."""
        while self._queue and self._queue[0][0] <= now:
            due, _, _, name, event = heapq.heappop(self._queue)
            if isinstance(event, NoteOn):
                self._strikes.discard((due, name, event.part, event.pitch))
            if len(self._late_ms) < MOST_LATENESSES:
                self._late_ms.append((self._clock.now() - due) * 1000)
            lead = self._leads[name]
            self._outlets[name].play(event, due + lead if lead else None)

    def tend(self, now: float) -> None:
        """Look after everything that is not a note: the engine's life, lost ports, reports. Call often."""
        if now - self._heard > SILENT_S:
            self._save_from_silence()
        self._check_one(now)
        self._post_states()
        if now - self._reported >= REPORT_S:
            self._report(now)

    def _save_from_silence(self) -> None:
        if self._queue or any(outlet.sounding for outlet in self._outlets.values()):
            released = self._release(None)
            self._note_error(f"The engine said nothing for {SILENT_S:.0f} s: {released} sounding notes were released")

    def _check_one(self, now: float) -> None:
        """Check the port that waits longest for it, if there is time before the next note."""
        calm = self.next_due() - now > CALM_S
        for name, outlet in sorted(self._outlets.items(), key=lambda item: self._checked[item[0]]):
            waited = now - self._checked[name]
            if waited >= URGENT_S or (calm and waited >= (CHECK_S if outlet.state == "open" else CHECK_LOST_S)):
                self._checked[name] = now
                outlet.check()
                self._shift(name, self._leads[name] - outlet.lead_s)
                self._leads[name] = outlet.lead_s
                return

    # --- replies --------------------------------------------------------------------------------------

    def _post_states(self) -> None:
        for name, outlet in self._outlets.items():
            self._post_state(Status(name, outlet.state, outlet.text))
        for name in self._posted.keys() - self._outlets.keys():
            self._post_state(Status(name, "closed", ""))
            del self._posted[name]

    def _post_state(self, status: Status) -> None:
        if self._posted.get(status.device) != status:
            self._posted[status.device] = status
            self._post(status)

    def _count(self, outlet: Outlet) -> None:
        """Keep what a port that goes has dropped; what it sent last is not told any more."""
        self._dropped += outlet.dropped

    def _note_error(self, text: str) -> None:
        self._dropped += 1
        if text not in self._errors and len(self._errors) < 10:
            self._errors.append(text)

    def _report(self, now: float) -> None:
        outlets = self._outlets
        sent = {name: outlet.sent for name, outlet in outlets.items() if outlet.sent}
        dropped = self._dropped + sum(outlet.dropped for outlet in outlets.values())
        if not (sent or dropped or self._errors or self._late_ms or self._withdrew):
            return
        sounding = sum(len(outlet.sounding) for outlet in outlets.values())
        self._post(Report(sent, tuple(self._late_ms), sounding, self.realtime, dropped, tuple(self._errors)))
        self._reported, self._dropped, self._withdrew = now, 0, False
        self._late_ms, self._errors = [], []
        for outlet in outlets.values():
            outlet.sent = outlet.dropped = 0


def playable(event: Event) -> bool:
    """Return whether a note's pitch is 0..127 and its velocity 1..127."""
    if isinstance(event, NoteOn | NoteVelocity):
        return 0 <= event.pitch <= 127 and 1 <= event.velocity <= 127
    return not isinstance(event, NoteOff) or 0 <= event.pitch <= 127
