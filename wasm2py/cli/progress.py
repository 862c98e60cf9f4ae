"""Progress on a terminal."""

from __future__ import annotations

import math
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final

from wasm2py.errors import one_line

if TYPE_CHECKING:
    from rich.progress import Progress

PROGRESS_AFTER: Final = 1.0
"""Seconds that a module may take before progress is shown."""

PROGRESS_EVERY: Final = 0.1
"""Seconds between two drawings of the bar."""


class ShownProgress:
    """A callback for :func:`transpile` that draws a bar on a terminal once the work takes long.

    :param title: what stands before the bar
    """

    def __init__(self, title: str) -> None:
        self._title = title
        terminal = sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + PROGRESS_AFTER if terminal else math.inf
        self._bar: Progress | None = None

    def __enter__(self) -> ShownProgress:
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` steps are finished."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + PROGRESS_EVERY
        if self._bar is None:
            self._bar = self._draw()
        self._bar.update(self._bar.task_ids[0], completed=done, total=total, refresh=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _draw(self) -> Progress:
        from rich.console import Console  # loaded only where it is shown
        from rich.markup import escape
        from rich.progress import Progress

        # No thread that redraws: the road may fork processes.
        bar = Progress(console=Console(stderr=True), transient=True, auto_refresh=False)
        bar.add_task(escape(one_line(self._title)))
        bar.start()
        return bar
