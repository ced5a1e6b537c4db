"""The Composer's network in torch, for training only; `generation` plays the same weights with plain numpy.

A frame goes through a linear layer and two recurrent layers with skips. From that state come the gate, a head in the
manner of NADE that decides keys one after another (so every chord is possible), and a velocity for each strike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from app.player.composer.batch import Batch, Choices
from app.player.composer.checkpoint import VELOCITY_BINS, Shape
from app.player.composer.feature import PITCHES


class Losses(NamedTuple):
    """Summed negative log-likelihood in nats per frame, shape (B * T,) each, zero in padding."""

    notes: Tensor
    velocities: Tensor


class Network(nn.Module):
    """Gives the probability of the next frame of music; see the module's text.

    Attributes:
        shape: its sizes.
        dropout: share of units dropped in training.
    """

    def __init__(self, shape: Shape, dropout: float = 0.2) -> None:
        super().__init__()
        width = shape.hidden
        self.shape, self.dropout = shape, dropout
        self.input = nn.Linear(shape.features, width)
        self.composer = nn.Embedding(shape.composers + 1, shape.embedding)
        self.tint = nn.Linear(shape.embedding, width, bias=False)
        self.first = nn.GRU(width, width, batch_first=True)
        self.second = nn.GRU(width, width, batch_first=True)
        self.gate_in, self.gate_out = nn.Linear(width, shape.gate), nn.Linear(shape.gate, 1)
        self.frame = nn.Linear(width, width)
        self.chosen = nn.Linear(4 * PITCHES, width, bias=False)
        self.query = nn.Embedding(PITCHES, width)
        self.residual = nn.Linear(width, width)
        self.hold = nn.Linear(width, 1)
        self.strike = nn.Linear(width, PITCHES + 1)
        self.loud_frame = nn.Linear(width, shape.velocity)
        self.loud_key = nn.Embedding(PITCHES, shape.velocity)
        self.loud_before = nn.Embedding(VELOCITY_BINS + 1, shape.velocity)
        self.loud = nn.Linear(shape.velocity, VELOCITY_BINS)
        self._start()

    def _start(self) -> None:
        for table in (self.composer, self.query, self.loud_key, self.loud_before):
            nn.init.normal_(table.weight, std=0.1)
        nn.init.normal_(self.chosen.weight, std=0.1)

    def states(self, features: Tensor, composer: Tensor) -> Tensor:
        """Return the state of every frame, shape (B, T, hidden), from features (B, T, WIDTH) and composers (B,)."""
        entry = functional.silu(self.input(features) + self.tint(self.composer(composer))[:, None])
        entry = self._drop(entry)
        low = self.first(entry)[0] + entry
        high: Tensor = self.second(self._drop(low))[0] + low
        return self._drop(high)

    def forward(self, batch: Batch) -> Losses:
        """Return the loss of every frame of a batch, in nats."""
        states = self.states(torch.from_numpy(batch.features), torch.from_numpy(batch.composer)).flatten(0, 1)
        valid = torch.from_numpy(batch.valid).flatten()
        gate = self.gate_out(functional.silu(self.gate_in(states)))[:, 0].float()
        target = torch.from_numpy(batch.gate).flatten()
        notes = functional.binary_cross_entropy_with_logits(gate, target, reduction="none") * valid
        notes = notes.index_add(0, torch.from_numpy(batch.holds.frame), self._hold_loss(states, batch.holds))
        notes = notes.index_add(0, torch.from_numpy(batch.strikes.frame), self._strike_loss(states, batch.strikes))
        return Losses(notes, self._loudness_loss(states, batch))

    def _decision(self, states: Tensor, choices: Choices, query: Tensor | None) -> Tensor:
        frame = torch.from_numpy(choices.frame)
        mixed = self.frame(states)[frame] + self.chosen(torch.from_numpy(choices.sets).to(states.dtype))
        if query is not None:
            mixed = mixed + query
        mixed = self._drop(functional.silu(mixed))
        return mixed + functional.silu(self.residual(mixed))

    def _hold_loss(self, states: Tensor, holds: Choices) -> Tensor:
        mixed = self._decision(states, holds, self.query(torch.from_numpy(holds.key)))
        target = torch.from_numpy(holds.target).float()
        return functional.binary_cross_entropy_with_logits(self.hold(mixed)[:, 0].float(), target, reduction="none")

    def _strike_loss(self, states: Tensor, strikes: Choices) -> Tensor:
        logits = self.strike(self._decision(states, strikes, None)).float()
        logits = logits.masked_fill(~torch.from_numpy(strikes.allowed), float("-inf"))
        return functional.cross_entropy(logits, torch.from_numpy(strikes.target), reduction="none")

    def _loudness_loss(self, states: Tensor, batch: Batch) -> Tensor:
        frame = torch.from_numpy(batch.loud_frame)
        mixed = self.loud_frame(states)[frame] + self.loud_key(torch.from_numpy(batch.loud_key))
        mixed = functional.silu(mixed + self.loud_before(torch.from_numpy(batch.loud_before)))
        each = functional.cross_entropy(self.loud(mixed).float(), torch.from_numpy(batch.loud), reduction="none")
        return torch.zeros(len(states)).index_add(0, frame, each)

    def _drop(self, value: Tensor) -> Tensor:
        return functional.dropout(value, self.dropout, self.training)

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return all weights as numpy arrays by name."""
        return {name: value.detach().float().cpu().numpy() for name, value in self.state_dict().items()}


def network_from(shape: Shape, arrays: dict[str, NDArray[np.float32]], dropout: float = 0.2) -> Network:
    """Build a network from stored weights."""
    network = Network(shape, dropout)
    network.load_state_dict({name: torch.from_numpy(np.array(value, np.float32)) for name, value in arrays.items()})
    return network
