"""An executor that does work at once, for the offline clock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class Inline(Executor):
    """Runs work at once, in the caller: offline, the background must not depend on the wall clock."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments, **named))
        except Exception as error:  # noqa: BLE001 - as every executor: the error belongs to who asks for the result
            future.set_exception(error)
        return future
