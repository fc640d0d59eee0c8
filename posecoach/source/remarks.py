"""What is to be said of a recording's pictures: too few of them, or none for a while."""

from __future__ import annotations

LEAST_FPS = 8.0
"""Pictures a second below which counts are no longer sure: a quick repetition may be missing."""
BLIND_FPS = 3.0
"""Pictures a second below which a movement is hardly seen at all, and may not be counted."""
GAP_S = 1.0
"""Without a picture for longer, what happened meanwhile is not known."""
NAMED = 3
"""Gaps that are told one by one."""


class Remarks:
    """Looks at the times of a recording's pictures as they come."""

    def __init__(self) -> None:
        self._first_s = self._last_s = 0.0
        self._count = 0
        self._gaps: list[tuple[float, float]] = []

    def see(self, time_s: float) -> None:
        """Take the time of the next picture, seconds."""
        if not self._count:
            self._first_s = time_s
        elif time_s - self._last_s > GAP_S:
            self._gaps.append((self._last_s, time_s))
        self._last_s = time_s
        self._count += 1

    def sentences(self) -> tuple[str, ...]:
        """What is to be said of those that came; nothing where all is well."""
        if self._count < 3:
            return ()
        length_s = self._last_s - self._first_s
        missing_s = sum(end - begin for begin, end in self._gaps)
        between = self._count - 1 - len(self._gaps)
        seldom = between <= len(self._gaps)  # then it is no gap, but the rate
        fps = (self._count - 1) / length_s if seldom else between / (length_s - missing_s)
        said = []
        if fps < BLIND_FPS:
            said.append(
                f"This recording has only {fps:.1f} pictures a second, too few to see a movement "
                f"by; record at 15 or more."
            )
        elif fps < LEAST_FPS:
            said.append(
                f"This recording has only {fps:.1f} pictures a second; below {LEAST_FPS:.0f} a "
                "quick repetition may be missing."
            )
        if self._gaps and not seldom:
            said.append(self._of_gaps())
        return tuple(said)

    def _of_gaps(self) -> str:
        told = [f"from {begin:.1f} to {end:.1f} s" for begin, end in self._gaps[:NAMED]]
        if len(self._gaps) > NAMED:
            told.append(f"{len(self._gaps) - NAMED} more times")
        listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
        return f"There are no pictures {listed}: what happened then was not seen."
