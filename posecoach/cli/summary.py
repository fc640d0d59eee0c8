"""A session's result as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from posecoach.plan.sides import SIDES
from posecoach.shares import percent


def print_summary(
    console: Console,
    result: dict[str, Any],
    prescribed: dict[str, int],
    hold_s: Mapping[str, float],
) -> None:
    """Print what ``Result.as_json`` holds: counts, holds, faults, accuracy.

    Args:
        prescribed: repetitions by side; 0 where another thing is asked for.
        hold_s: seconds that each step is to be held, by its id; without those gone through only.

    Names of files and words of definitions are shown as they are: square brackets in them are no
    markup.
    """
    console.print()
    console.print(Text.assemble((result["exercise"], "bold"), "  ", result["source"]))
    console.print(_counts(result, prescribed))
    for target in result.get("targets", ()):
        way = f" ({target['side']})" if target["side"] != "both" else ""
        console.print(
            f"{target['step']}{way}: {target['low']:.0f}° asked for, of your "
            f"{target['own_range']:.0f}°; textbook {target['textbook']:.0f}°",
            highlight=False,
            markup=False,
        )
    if result["holds"]:
        console.print(_holds(result, hold_s))
    for fault in result["faults"]:
        told = f"  {fault['fault']} ({fault['side']}): {fault['cue']}"
        console.print(Text.assemble((_span(fault), "yellow"), told))
    accuracy = result["accuracy"]
    said = Text.assemble("Accuracy ", (percent(accuracy), "bold"))
    console.print(Text("Nothing was attempted.") if accuracy is None else said)
    for each in result.get("unseen", ()):
        console.print(Text.assemble((_span(each), "dim"), f"  {each['text']}"))
    for note in result["notes"]:
        console.print(Text(note, style="dim"))


def _span(event: dict[str, Any]) -> str:
    if event["end_s"] <= event["start_s"]:  # something that was done, as to leave a hold early
        return f"{event['start_s']:.1f} s"
    return f"{event['start_s']:.1f}-{event['end_s']:.1f} s"


def _counts(result: dict[str, Any], prescribed: dict[str, int]) -> Table:
    counts = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("side", "repetitions", "attempts", "wanted"):
        counts.add_column(title, justify="left" if title == "side" else "right")
    for side in SIDES:
        if side in prescribed or result["attempts"][side]:
            counts.add_row(
                side,
                str(result["repetitions"][side]),
                str(result["attempts"][side]),
                str(prescribed.get(side) or "–"),
            )
    return counts


def _holds(result: dict[str, Any], hold_s: Mapping[str, float]) -> Table:
    holds = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("hold", "side", "from", "held", "accuracy", ""):
        holds.add_column(title, justify="right" if title in ("from", "held") else "left")
    for hold in result["holds"]:
        holds.add_row(
            hold["step"],
            hold["side"],
            f"{hold['start_s']:.1f} s",
            f"{hold['held_s']:.1f} s",
            percent(hold["accuracy"]),
            "" if hold["completed"] else _short(hold_s.get(hold["step"])),
        )
    return holds


def _short(asked_s: float | None) -> str:
    """What is said of a hold that is not complete; of a position only gone through no time is."""
    return "not complete" if asked_s is None else f"not complete: {asked_s:g} s asked for"
