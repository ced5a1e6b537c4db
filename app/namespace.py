"""The instrument's OSC address space as OSCQuery describes it: made from the two tables, never written by hand.

Open Stage Control, TouchDesigner and Chataigne read this tree and offer every value and verb without being told.
Source: the OSCQuery proposal (github.com/Vidvox/OSCQueryProposal), without its WebSocket part.
"""

from __future__ import annotations

from typing import Any

from app.action import Action
from app.hand import Hands
from app.parameter import AnyParameter, Linear, Parameter, Steps

READ, WRITE, BOTH = 1, 2, 3
ATTRIBUTES = ("ACCESS", "CLIPMODE", "CONTENTS", "DESCRIPTION", "FULL_PATH", "RANGE", "TYPE", "UNIT", "VALUE")
EXTENSIONS = {"ACCESS": True, "CLIPMODE": True, "LISTEN": False, "RANGE": True, "UNIT": True, "VALUE": True}

Node = dict[str, Any]


def host_info(name: str, host: str, port: int) -> Node:
    """Return what HOST_INFO answers; `host` and `port` take the OSC messages."""
    return {"NAME": name, "OSC_IP": host, "OSC_PORT": port, "OSC_TRANSPORT": "UDP", "EXTENSIONS": dict(EXTENSIONS)}


def tree(hands: Hands) -> Node:
    """Return the whole address space, containers nested."""
    root: Node = {"FULL_PATH": "/", "ACCESS": 0, "CONTENTS": {}}
    for action in hands.actions:
        _place(root, action.address, of_action(action))
    for parameter in hands.tree:
        _place(root, parameter.address, of_parameter(parameter))
    return root


def find(root: Node, path: str) -> Node | None:
    """Return the node at an address; None if there is none."""
    node = root
    for part in path.strip("/").split("/") if path.strip("/") else ():
        child = node.get("CONTENTS", {}).get(part)
        if child is None:
            return None
        node = child
    return node


def of_parameter(parameter: AnyParameter) -> Node:
    """Return a value's own entries."""
    node: Node = {"ACCESS": BOTH, "DESCRIPTION": parameter.help or parameter.title}
    if not isinstance(parameter, Parameter):
        return {**node, "TYPE": "s", "VALUE": [parameter.value]}
    if isinstance(parameter.curve, Steps):
        names = list(parameter.curve.names)
        return {**node, "TYPE": "s", "VALUE": [parameter.show()], "RANGE": [{"VALS": names}], "CLIPMODE": ["both"]}
    low, high = parameter.curve.value(0.0), parameter.curve.value(1.0)
    if isinstance(parameter.curve, Linear) and parameter.curve.step == 1:
        node |= {"TYPE": "i", "VALUE": [round(parameter.value)], "RANGE": [{"MIN": round(low), "MAX": round(high)}]}
    else:
        node |= {"TYPE": "f", "VALUE": [parameter.value], "RANGE": [{"MIN": low, "MAX": high}]}
    return {**node, "CLIPMODE": ["both"], **({"UNIT": [parameter.unit]} if parameter.unit else {})}


def of_action(action: Action) -> Node:
    """Return a verb's own entries: it is written to and has no value."""
    return {"ACCESS": WRITE, "TYPE": "N", "DESCRIPTION": action.help or action.title}


def _place(root: Node, address: str, own: Node) -> None:
    node, path = root, ""
    for part in address.strip("/").split("/"):
        path = f"{path}/{part}"
        contents = node.setdefault("CONTENTS", {})
        node = contents.setdefault(part, {"FULL_PATH": path, "ACCESS": 0})
    node.update(own)
