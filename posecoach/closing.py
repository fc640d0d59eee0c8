"""Whatever is to be closed after use: one way to leave a ``with``."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Closing:
    """A context manager that closes itself, whatever happened inside."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave(kind)

    def _leave(self, kind: type[BaseException] | None) -> None:
        """The ``with`` is left, by an exception of this kind or in good order."""
        self.close()

    def close(self) -> None:
        """Give back what is held; more than once does no harm."""
        raise NotImplementedError
