"""The command line of the drop-in modes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.adapter.rtlearner import RtLearner
    from app.adapter.wekinator import Wekinator
    from app.engine import Engine
    from app.parameter import Tree


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of both modes."""
    add = parser.add_argument_group("in place of other programs").add_argument
    add("--wekinator", action="store_true", help="understand Wekinator's messages")
    add("--inputs", type=int, metavar="N", help="how many values a frame has (as the first frame)")
    add("--outputs", metavar="PLAN", help="such as classifier:4,regressor,regressor or dtw:5")
    add("--wekinator-in", metavar="[HOST:]PORT", help="where frames come (127.0.0.1:6448; 0.0.0.0:6448 hears all)")
    add("--wekinator-out", metavar="[HOST:]PORT", help="where answers go (localhost:12000)")
    add("--wekinator-bundle", metavar="PORT", help="where the paths of answered files go (12001)")
    add("--rtlearner", type=Path, metavar="FILE", help="answer RTLEARNER's patch, trained on its file of examples")
    add("--rtlearner-in", metavar="[HOST:]PORT", help="where frames as text come (127.0.0.1:5007)")
    add("--rtlearner-out", metavar="[HOST:]PORT", help="where /prediction goes (127.0.0.1:5005)")


def obey(options: argparse.Namespace, engine: Engine, wekinator: Wekinator, rtlearner: RtLearner) -> None:
    """Switch on what was asked for; ValueError, DeviceError or DatasetError if it cannot be had."""
    tree = engine.tree
    if options.wekinator and options.rtlearner is not None:
        raise ValueError("--wekinator and --rtlearner: one of them at a time; start the program twice")
    _shape(options, tree)
    for name in ("wekinator_in", "wekinator_out", "wekinator_bundle", "rtlearner_in", "rtlearner_out"):
        _place(tree, name, getattr(options, name))
    if options.wekinator:
        tree.number("/wekinator/on").set(1)
        wekinator.follow()
    if options.rtlearner is not None:
        tree.number("/rtlearner/on").set(1)
        tree.text("/rtlearner/file").set(str(options.rtlearner))
        rtlearner.follow()
        rtlearner.take(options.rtlearner.expanduser())


def _shape(options: argparse.Namespace, tree: Tree) -> None:
    from app.adapter.intake import MOST_INPUTS
    from app.player.listener.plan import read_plan, show_plan

    if options.inputs is not None:
        if not 1 <= options.inputs <= MOST_INPUTS:
            raise ValueError(f"--inputs {options.inputs}: from 1 to {MOST_INPUTS} are possible")
        tree.number("/wekinator/inputs").set(options.inputs)
    if options.outputs is not None:
        try:
            plan = read_plan(options.outputs)
        except ValueError as error:
            raise ValueError(f"--outputs: {error}") from error
        tree.text("/listener/outputs").set(show_plan(plan))


def _place(tree: Tree, name: str, text: str | None) -> None:
    """Set the host and port of an option such as "wekinator_in"."""
    if text is None:
        return
    option = "--" + name.replace("_", "-")
    base = "/" + name.replace("_", "/")
    host, _, port = text.rpartition(":")
    least = 0 if name.endswith("_in") else 1
    if not (port.isascii() and port.isdigit() and least <= int(port[:6]) <= 65535):
        raise ValueError(f"{option} {text!r}: write HOST:PORT or a port from {least} to 65535")
    if host and f"{base}/host" not in tree:
        raise ValueError(f"{option} {text!r}: it is always this computer; write a port alone")
    if host:
        tree.text(f"{base}/host").set(host)
    tree.number(f"{base}/port").set(int(port))
