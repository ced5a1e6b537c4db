"""The instrument's OSC address space as OSCQuery describes it: made from the two tables, never written by hand.

Open Stage Control, TouchDesigner and Chataigne read this tree and offer every value and verb without being told. The
tree is made once for each change of the tables; an answer fills in the values of what was asked for, and no more.
Source: the OSCQuery proposal (github.com/Vidvox/OSCQueryProposal).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.action import Action
from app.hand import Hands
from app.parameter import AnyParameter, Linear, Parameter, Steps

READ, WRITE, BOTH = 1, 2, 3
ATTRIBUTES = ("ACCESS", "CLIPMODE", "CONTENTS", "DESCRIPTION", "FULL_PATH", "RANGE", "TYPE", "UNIT", "VALUE")
UNSUPPORTED = ("CRITICAL", "EXTENDED_TYPE", "HTML", "OVERLOADS", "TAGS")
STREAMED = ("LISTEN", "PATH_ADDED", "PATH_CHANGED", "PATH_REMOVED")
MOST_TOLD = 32  # Changed paths told one by one; beyond that the whole tree is worth reading again.

Node = dict[str, Any]
Named = AnyParameter | Action


def host_info(name: str, host: str, port: int, web_port: int = 0) -> Node:
    """Return what HOST_INFO answers; `host` and `port` take the OSC messages, `web_port` WebSockets (0: none are)."""
    told = dict.fromkeys(("ACCESS", "CLIPMODE", "DESCRIPTION", "RANGE", "UNIT", "VALUE"), True)
    told |= dict.fromkeys(STREAMED, web_port > 0) | dict.fromkeys(("PATH_RENAMED", *UNSUPPORTED), False)
    info = {"NAME": name, "OSC_IP": host, "OSC_PORT": port, "OSC_TRANSPORT": "UDP", "EXTENSIONS": told}
    return info | ({"WS_IP": host, "WS_PORT": web_port} if web_port else {})


class Branch:
    """One place in the tree.

    Attributes: `path`, `one` (what is there; None: a container alone), `children` (by name).
    """

    __slots__ = ("_fixed", "_shape", "children", "one", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.one: Named | None = None
        self.children: dict[str, Branch] = {}
        self._shape: object = None
        self._fixed = ""

    @property
    def shape(self) -> object:
        """What its fixed attributes depend on: a choice whose names are replaced gets another one."""
        return self.one.curve if isinstance(self.one, Parameter) else self.one

    @property
    def own(self) -> Node:
        """Its attributes without its contents."""
        node: Node = {"FULL_PATH": self.path}
        if self.one is None:
            return {**node, "ACCESS": 0}
        return node | (of_action(self.one) if isinstance(self.one, Action) else of_parameter(self.one))

    @property
    def node(self) -> Node:
        """All its attributes, contents nested."""
        inner = {"CONTENTS": {name: child.node for name, child in self.children.items()}} if self.children else {}
        return self.own | inner

    def text(self) -> str:
        """Return `node` as JSON: what does not move is kept as text, for writing it anew costs most of the time."""
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        shape = self.shape
        if not self._fixed or self._shape is not shape:
            self._shape = shape
            self._fixed = json.dumps({name: value for name, value in self.own.items() if name != "VALUE"})[:-1]
        yield self._fixed
        if self.one is not None and not isinstance(self.one, Action):
            yield f', "VALUE": {json.dumps(value_of(self.one))}'
        for number, (name, child) in enumerate(self.children.items()):
            yield _key(name, number)
            yield from child._pieces()
        yield "}}" if self.children else "}"


def _key(name: str, number: int) -> str:
    opening = ', "CONTENTS": {' if number == 0 else ", "
    return f"{opening}{json.dumps(name)}: "


class Namespace:
    """The tree of two tables, made anew when something was added to them."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._known: tuple[Named, ...] = ()
        self._root = Branch("/")
        self._told: dict[str, object] = {}
        self.changes()

    @property
    def root(self) -> Branch:
        """The tree as it is now; any thread may read it."""
        known: tuple[Named, ...] = (*self._hands.actions, *self._hands.tree)
        if known != self._known:
            root = Branch("/")
            for one in known:
                branch = root
                for part in one.address.strip("/").split("/"):
                    branch = branch.children.setdefault(part, Branch(f"{branch.path.rstrip('/')}/{part}"))
                branch.one = one
            self._known, self._root = known, root
        return self._root

    def find(self, path: str) -> Branch | None:
        """Return the place at an address; None if there is none."""
        branch: Branch | None = self.root
        for part in path.strip("/").split("/") if path.strip("/") else ():
            branch = branch.children.get(part) if branch is not None else None
        return branch

    def changes(self) -> list[tuple[str, str]]:
        """Return what came, went or took another shape since it was last asked, as (OSCQuery's command, path)."""
        self.root  # noqa: B018 - made anew if need be
        now: dict[str, object] = {one.address: one.curve if isinstance(one, Parameter) else None for one in self._known}
        before, self._told = self._told, now
        told = [("PATH_REMOVED", path) for path in before if path not in now]
        told += [("PATH_ADDED", path) for path in now if path not in before]
        moved = sorted({path.rpartition("/")[0] or "/" for _, path in told})
        moved += [path for path, curve in now.items() if path in before and before[path] is not curve]
        told += [("PATH_CHANGED", path) for path in moved]
        return told if len(told) <= MOST_TOLD else [("PATH_CHANGED", "/")]


def tree(hands: Hands) -> Node:
    """Return the whole address space, containers nested."""
    return Namespace(hands).root.node


def find(root: Node, path: str) -> Node | None:
    """Return the node at an address; None if there is none."""
    node = root
    for part in path.strip("/").split("/") if path.strip("/") else ():
        child = node.get("CONTENTS", {}).get(part)
        if child is None:
            return None
        node = child
    return node


def value_of(parameter: AnyParameter) -> list[float | str]:
    """Return a value as its `TYPE` says it: a choice by its name, a whole number as one."""
    if not isinstance(parameter, Parameter):
        return [parameter.value]
    if isinstance(parameter.curve, Steps):
        return [parameter.show()]
    return [spoken(parameter)]


def spoken(parameter: AnyParameter) -> float | str:
    """Return a value as OSC is told it: always of one type, a choice by its number."""
    if not isinstance(parameter, Parameter):
        return parameter.value
    return round(parameter.value) if _is_whole(parameter) else float(parameter.value)


def of_parameter(parameter: AnyParameter) -> Node:
    """Return a value's own entries."""
    node: Node = {"ACCESS": BOTH, "DESCRIPTION": parameter.help or parameter.title, "VALUE": value_of(parameter)}
    if not isinstance(parameter, Parameter):
        return {**node, "TYPE": "s"}
    if isinstance(parameter.curve, Steps):
        return {**node, "TYPE": "s", "RANGE": [{"VALS": list(parameter.curve.names)}], "CLIPMODE": ["both"]}
    low, high = parameter.curve.value(0.0), parameter.curve.value(1.0)
    if _is_whole(parameter):
        node |= {"TYPE": "i", "RANGE": [{"MIN": round(low), "MAX": round(high)}]}
    else:
        node |= {"TYPE": "f", "RANGE": [{"MIN": low, "MAX": high}]}
    return {**node, "CLIPMODE": ["both"], **({"UNIT": [parameter.unit]} if parameter.unit else {})}


def of_action(action: Action) -> Node:
    """Return a verb's own entries: it is written to and has no value."""
    return {"ACCESS": WRITE, "TYPE": "N", "DESCRIPTION": action.help or action.title}


def _is_whole(parameter: Parameter) -> bool:
    return isinstance(parameter.curve, Linear) and parameter.curve.step == 1
