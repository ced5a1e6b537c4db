"""Files for other people's controllers, made from the instrument's own tables: `main.py namespace`.

Whatever can be moved by hand can be moved by a tablet, so lists of addresses are generated and never kept by hand.
Part of the composition root: the command puts the instrument together to ask it.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from app.action import Action
from app.device.dummy import Dummy
from app.file import write_whole
from app.hand import Hands
from app.inline import Inline
from app.instrument import assemble
from app.namespace import tree
from app.offline import DirectSink
from app.osc_pattern import reader
from app.parameter import AnyParameter, Linear, Parameter, Steps
from app.tablet import session
from app.transport import OfflineClock

Named = AnyParameter | Action

# What belongs to this computer or tells what is going on: nothing that one plays from elsewhere.
INTERNAL = tuple(
    reader(pattern)
    for pattern in (
        *("/window//*", "/osc//*", "/engine//*", "/training//*", "/listener/file//*", "/quit", "/quit/*"),
        *("/map//*", "/doctor//*", "/monitor//*"),
    )
)
COLUMNS = ("address", "kind", "type", "low", "high", "choices", "unit", "help")


def playable(hands: Hands) -> list[Named]:
    """Return the verbs and values that another hand may want to move, verbs first."""
    known: list[Named] = [*hands.actions, *hands.tree]
    return [one for one in known if not any(pattern.fullmatch(one.address) for pattern in INTERNAL)]


def row(one: Named) -> tuple[str, ...]:
    """Return a line of the list: what `COLUMNS` names."""
    told = one.help or one.title
    if isinstance(one, Action):
        return (one.address, "action", "", "", "", "", "", told)
    if not isinstance(one, Parameter):
        return (one.address, "text", "s", "", "", "", "", told)
    if isinstance(one.curve, Steps):
        high = str(max(len(one.curve.names) - 1, 0))
        return (one.address, "choice", "i", "0", high, "|".join(one.curve.names), "", told)
    low, high = (f"{one.curve.value(place):g}" for place in (0.0, 1.0))
    kind = "i" if isinstance(one.curve, Linear) and one.curve.step == 1 else "f"
    return (one.address, "number", kind, low, high, "", one.unit, told)


def as_list(hands: Hands) -> str:
    """Return the list as CSV, for TouchOSC and everything else that is wired by hand."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(row(one) for one in sorted(playable(hands), key=lambda one: one.address))
    return text.getvalue()


def as_session(hands: Hands) -> str:
    """Return a session of Open Stage Control."""
    return json.dumps(session(playable(hands)), indent=1, ensure_ascii=False) + "\n"


def as_tree(hands: Hands) -> str:
    """Return the whole address space as OSCQuery tells it."""
    return json.dumps(tree(hands), indent=1, ensure_ascii=False) + "\n"


FORMATS: dict[str, Callable[[Hands], str]] = {"list": as_list, "open-stage-control": as_session, "json": as_tree}
# What `--renew` writes: the files that come with the instrument.
PEERS = {"open-stage-control.json": "open-stage-control", "touchosc.csv": "list"}


def main(arguments: Sequence[str]) -> int:
    """Print or write one format, or renew the files in a folder; return the exit status."""
    try:
        wish = _parser().parse_args(arguments)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    with tempfile.TemporaryDirectory() as folder:
        clock = OfflineClock()
        sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
        instrument = assemble(clock, sink, None, Inline(), 0, Path(folder))
        try:
            return _write(instrument.engine.hands, wish)
        except OSError as error:
            print(f"namespace: {error}; choose another place with --out", file=sys.stderr)
            return 2
        finally:
            instrument.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("main.py namespace", description="Print every address, for other controllers.")
    add = parser.add_argument
    add("--format", choices=tuple(FORMATS), default="list", help="a CSV list, a session, or OSCQuery's JSON (list)")
    add("--out", type=Path, metavar="FILE", help="write here, not to standard output")
    add("--renew", type=Path, metavar="FOLDER", help=f"write {' and '.join(PEERS)} there")
    return parser


def _write(hands: Hands, wish: argparse.Namespace) -> int:
    if wish.renew is not None:
        for name, kind in PEERS.items():
            write_whole(wish.renew / name, FORMATS[kind](hands))
    elif wish.out is not None:
        write_whole(wish.out, FORMATS[wish.format](hands))
    else:
        sys.stdout.write(FORMATS[wish.format](hands))
    return 0
