"""``posecoach demo``: the main job on a bundled clip, no camera needed."""

from __future__ import annotations

import click

from posecoach.cli import options

CLIP = "wall-stretch.mp4"
HOLD_S = 2.0
"""The clip's holds last about 2.5 seconds, so that it is short; a real stretch is longer."""


@click.command()
@click.option("--no-window", is_flag=True, help="Tell in the terminal, open no window.")
@click.option("--mute", is_flag=True, help="Say nothing.")
@options.model
def demo(no_window: bool, mute: bool, model: str | None) -> None:
    """Coach a bundled clip of the wall stretch and show the result."""
    from posecoach.cli.front import Manner
    from posecoach.cli.session import Ending, Wanted, coach_and_tell
    from posecoach.data import data_dir
    from posecoach.exercise.library import built_in
    from posecoach.practice.practice import Part

    plan = options.planned(built_in().find("wall-stretch"), None, 2, HOLD_S)
    wanted = Wanted((Part(plan),), str(data_dir("demo") / CLIP), model=model)
    coach_and_tell(wanted, Manner(window=not no_window, mute=mute), Ending())
