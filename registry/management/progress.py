"""How far a long command is: a bar on a terminal, otherwise a line for every tenth part."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm

LINES = 10


class Progress:
    """Counts `things` of what the command names, such as cities of the gazetteer."""

    def __init__(self, say: Any, name: str, things: str) -> None:
        self.say, self.name, self.things = say, name, things
        self.bar: Any = None
        self.done = 0

    def advance(self, step: int, total: int) -> None:
        """Count a batch."""
        tenth = self.done * LINES // total
        self.done += step
        if sys.stderr.isatty():
            if self.bar is None:
                self.bar = tqdm(total=total, unit=f" {self.things}", desc=self.name)
            self.bar.update(step)
        elif self.done * LINES // total > tenth:
            self.say(f"{self.name}: {self.done} of {total} {self.things}")

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self.bar is not None:
            self.bar.close()
