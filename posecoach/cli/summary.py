"""A session's result as a person reads it in a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from posecoach.shares import percent


def print_summary(console: Console, result: dict[str, Any], prescribed: dict[str, int]) -> None:
    """Print what ``Result.as_json`` holds: counts, holds, faults, accuracy."""
    console.print()
    console.print(f"[bold]{result['exercise']}[/bold]  {result['source']}", highlight=False)
    console.print(_counts(result, prescribed))
    for target in result.get("targets", ()):
        way = f" ({target['side']})" if target["side"] != "both" else ""
        console.print(
            f"{target['step']}{way}: {target['low']:.0f}° asked for, of your "
            f"{target['own_range']:.0f}°; textbook {target['textbook']:.0f}°",
            highlight=False,
        )
    if result["holds"]:
        console.print(_holds(result))
    for fault in result["faults"]:
        console.print(
            f"[yellow]{fault['start_s']:.1f}-{fault['end_s']:.1f} s[/yellow]  "
            f"{fault['fault']} ({fault['side']}): {fault['cue']}",
            highlight=False,
        )
    accuracy = result["accuracy"]
    said = f"Accuracy [bold]{percent(accuracy)}[/bold]"
    console.print("Nothing was attempted." if accuracy is None else said, highlight=False)
    for each in result.get("unseen", ()):
        console.print(
            f"[dim]{each['start_s']:.1f}-{each['end_s']:.1f} s[/dim]  {each['text']}",
            highlight=False,
        )
    for note in result["notes"]:
        console.print(f"[dim]{note}[/dim]", highlight=False)


def _counts(result: dict[str, Any], prescribed: dict[str, int]) -> Table:
    counts = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("side", "repetitions", "attempts", "wanted"):
        counts.add_column(title, justify="left" if title == "side" else "right")
    for side in ("left", "right", "both"):
        if side in prescribed or result["attempts"][side]:
            counts.add_row(
                side,
                str(result["repetitions"][side]),
                str(result["attempts"][side]),
                str(prescribed.get(side, "")),
            )
    return counts


def _holds(result: dict[str, Any]) -> Table:
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
            "" if hold["completed"] else "not complete",
        )
    return holds
