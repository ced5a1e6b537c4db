"""Training of the recurrent network, in torch, for the worker process only.

Each update sees fresh streams, so there is nothing to overfit but the takes themselves, and the loss that is told is
always that of streams not seen before.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from app.model.base import Arrays, Floats, Integers, Watch
from app.model.gru_stream import IGNORED, Practice

LENGTH, BATCH = 120, 16
RATE = 1e-2
TOLD = 5  # updates an epoch


class Ear(nn.Module):
    """Hears features (batch, time, 2 width), answers logits (batch, time, classes)."""

    def __init__(self, features: int, units: int, classes: int) -> None:
        super().__init__()
        self.recurrent = nn.GRU(features, units, batch_first=True)
        self.answer = nn.Linear(units, classes)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        answered: torch.Tensor = self.answer(self.recurrent(features)[0])
        return answered


def changes(frames: Floats, pace: Floats) -> Floats:
    """Return scaled changes from frame to frame, (..., time, width), 0 at the first."""
    return np.diff(frames, axis=-2, prepend=frames[..., :1, :]) * pace


def prepare() -> None:
    """Take one step of nothing: the library imports much of itself only then. Draws no random number."""
    torch.set_num_threads(1)
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([weight], RATE)
    weight.sum().backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def train(practice: Practice, pace: Floats, units: int, classes: int, updates: int, seed: int, watch: Watch) -> Arrays:
    """Return the trained arrays by the names that the compiled form gives them; Cancelled if the watch says so.

    `pace` (width,) is the factor of changes between scaled frames.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    ear = Ear(2 * len(pace), units, classes)
    optimizer = torch.optim.Adam(ear.parameters(), RATE)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, updates, RATE / 20)
    total = 0.0
    for update in range(1, updates + 1):
        total += _update(ear, optimizer, *_batch(practice, pace))
        falling.step()
        watch.check()
        if update % TOLD == 0:
            watch.epoch(update // TOLD, total / TOLD, None)
            total = 0.0
    return _arrays(ear)


def _batch(practice: Practice, pace: Floats) -> tuple[Floats, Integers]:
    streams = [practice.stream(LENGTH) for _ in range(BATCH)]
    frames = np.stack([frames for frames, _ in streams])
    features = np.concatenate((frames, changes(frames, pace)), axis=2)
    return features, np.stack([wanted for _, wanted in streams])


def _update(ear: Ear, optimizer: torch.optim.Optimizer, features: Floats, wanted: Integers) -> float:
    logits = ear(torch.from_numpy(features.astype(np.float32)))
    loss = functional.cross_entropy(logits.flatten(0, 1), torch.from_numpy(wanted.ravel()), ignore_index=IGNORED)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(ear.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


def _arrays(ear: Ear) -> Arrays:
    state = {name: value.detach().double().numpy() for name, value in ear.state_dict().items()}
    return {
        "given": state["recurrent.weight_ih_l0"].T.copy(),
        "past": state["recurrent.weight_hh_l0"].T.copy(),
        "given_bias": state["recurrent.bias_ih_l0"].copy(),
        "past_bias": state["recurrent.bias_hh_l0"].copy(),
        "out": state["answer.weight"].T.copy(),
        "out_bias": state["answer.bias"].copy(),
    }
