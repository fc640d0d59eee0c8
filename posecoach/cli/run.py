"""``posecoach run``: coach an exercise live."""

from __future__ import annotations

from pathlib import Path

import click

from posecoach.cli import options


@click.command()
@click.argument("exercise", metavar="EXERCISE")
@click.option(
    "--source",
    metavar="SOURCE",
    help="A camera's number or name, a video file, a folder of photos or a stream's address; "
    "without it the first camera.",
)
@click.option("--mute", is_flag=True, help="Say nothing.")
@click.option("--full-screen", is_flag=True, help="Begin in full screen.")
@click.option("--no-window", is_flag=True, help="Tell in the terminal, open no window.")
@click.option(
    "--json", "output", metavar="FILE", help="Write the result here; - for standard output."
)
@click.option("--no-save", is_flag=True, help="Keep nothing of this session.")
@options.prescription
@options.exercises
@options.model
@options.saving
def run(
    exercise: str,
    source: str | None,
    mute: bool,
    full_screen: bool,
    no_window: bool,
    output: str | None,
    side: str | None,
    reps: int | None,
    hold: float | None,
    folder: Path | None,
    model: str | None,
    no_save: bool,
    data_dir: Path | None,
    profile: str,
    no_landmarks: bool,
    record_video: bool,
) -> None:
    """Coach EXERCISE live: sees, counts, says what to correct.

    Stop where it hurts.
    """
    from posecoach.cli.session import coach_and_tell

    plan = options.planned(options.find_exercise(exercise, folder), side, reps, hold)
    coach_and_tell(
        plan,
        source,
        model=model,
        mute=mute,
        full_screen=full_screen,
        window=not no_window,
        output=output,
        saving=None
        if no_save
        else options.how_to_save(data_dir, no_landmarks, profile, record_video),
    )
