"""The drop-in modes, put to the instrument."""

from __future__ import annotations

import argparse
from concurrent.futures import Executor
from dataclasses import dataclass

from app.adapter.host import Host, Study
from app.adapter.option import obey
from app.adapter.rtlearner import RtLearner
from app.adapter.wekinator import Wekinator
from app.device.base import DeviceError
from app.engine import Engine
from app.example import DatasetError
from app.player.listener.player import Listener


@dataclass(frozen=True, slots=True)
class DropIns:
    """Both modes. Attributes: `wekinator`, `rtlearner`."""

    wekinator: Wekinator
    rtlearner: RtLearner

    def obey(self, options: argparse.Namespace) -> None:
        """Do as the command line says; ValueError says what cannot be."""
        try:
            obey(options, self.wekinator.host.engine, self.wekinator, self.rtlearner)
        except (DeviceError, DatasetError) as error:
            raise ValueError(str(error)) from error

    def close(self) -> None:
        """Let the ports go."""
        self.wekinator.close()
        self.rtlearner.close()


def join(engine: Engine, listener: Listener, study: Study, background: Executor) -> DropIns:
    """Add both modes to an instrument, switched off."""
    host = Host(engine, listener, study, background)
    made = DropIns(Wekinator(host), RtLearner(host))
    engine.players += [made.wekinator, made.rtlearner]
    return made
