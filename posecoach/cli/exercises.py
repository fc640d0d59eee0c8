"""``posecoach exercises``: list, show, check, new, record, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import options
from posecoach.cli.recording import RecordOptions, record_exercise

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from posecoach.exercise.definition import Exercise, Step
    from posecoach.exercise.library import Entry
    from posecoach.exercise.routines import Routines

    Line = Callable[[str, int], None]
    """Prints a text so many columns in."""

_PIPE_WIDTH = 1000
"""Columns where the output is not a terminal: who reads a file wants no line broken."""

_WIDE = 130
"""Columns in which the whole list of exercises stands without a word cut."""

_SPARED = ("posture", "view", "sides")
"""What a narrower list leaves to ``exercises show``."""

_folders_option = click.option(
    "--exercises",
    "folders",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder of your own exercise files; they stand in front of others of the same id. "
    "May be given several times.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def exercises() -> None:
    """List, show and check exercises."""


@exercises.command("list", short_help="List all exercises and routines, yours among them.")
@_folders_option
def list_(folders: tuple[Path, ...]) -> None:
    """List all exercises and routines: built-in, your own, and those of --exercises DIR."""
    from rich.markup import escape
    from rich.table import Column, Table

    from posecoach.errors import ExerciseError
    from posecoach.exercise.library import load, standard_library
    from posecoach.exercise.problem import printable
    from posecoach.exercise.routines import Routines

    console = _console()
    library = standard_library(folders)
    names = Column("id", no_wrap=True, min_width=max(map(len, library.ids()), default=0))
    heads: list[Column | str] = [names, "name", "posture", "view", "hold", "reps", "sides", "from"]
    spared = () if console.width >= _WIDE else _SPARED
    table = Table(*(head for head in heads if head not in spared))
    broken: list[str] = []
    for entry in library.entries():
        try:
            exercise = load(entry.path)
        except ExerciseError as error:
            broken.append(str(error))
            cells = [printable(entry.id), "(cannot be used, see below)", *[""] * 5]
        else:
            cells = [
                exercise.id,
                exercise.name,
                ", ".join(exercise.posture),
                ", ".join(exercise.view),
                _holds(exercise),
                str(exercise.repetitions),
                "left and right" if exercise.sides == "each" else "—",
            ]
        cells = [*cells, _origin(entry)]
        shown = (cell for head, cell in zip(heads, cells, strict=True) if head not in spared)
        table.add_row(*map(escape, shown))
    if table.row_count:
        console.print(table)
    else:
        console.print("There is no exercise; `posecoach exercises new ID` writes one.")
    _list_routines(console, Routines(library), broken)
    for sentence in broken:
        console.print(f"cannot be used: {sentence}", markup=False, soft_wrap=True)


def _list_routines(console: Console, routines: Routines, broken: list[str]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from posecoach.errors import ExerciseError
    from posecoach.exercise.problem import printable

    table = Table("routine", "name", "exercises", "from")
    for entry in routines.entries():
        try:
            routine = routines.find(entry.id)
        except ExerciseError as error:
            broken.append(str(error))
            cells = [printable(entry.id), "(cannot be used, see below)", ""]
        else:
            items = ", ".join(item.exercise for item in routine.exercises)
            cells = [routine.id, routine.name, items]
        table.add_row(*map(escape, [*cells, _origin(entry)]))
    if table.row_count:
        console.print(table)


@exercises.command(short_help="Show one exercise as a page to read, or moving.")
@click.argument("exercise_id", metavar="ID")
@click.option(
    "--play", is_flag=True, help="Show it moving, in a window: its film, and a figure that does it."
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the moving picture into this video file (or the figure alone, .svg), in place of "
    "a window.",
)
@_folders_option
def show(exercise_id: str, play: bool, output: Path | None, folders: tuple[Path, ...]) -> None:
    """Show one exercise, by its ID or its file, as a page to read; or moving."""
    from posecoach.exercise.library import standard_library
    from posecoach.exercise.routines import one_exercise

    library = standard_library(folders)
    exercise = one_exercise(library, exercise_id, "`exercises show`")
    if output is not None:
        from posecoach.cli.playing import write_moving

        write_moving(exercise, exercise_id, output)
    elif play:
        from posecoach.cli.playing import play_moving

        play_moving(exercise)
    else:
        _show(_console(), exercise)


@exercises.command()
@click.argument("files", metavar="[FILE]…", nargs=-1, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Find every mistake in exercise and routine files.

    A folder stands for the files in it; without any, your own exercises and routines are checked.
    Ends with 0 where there are no errors
    (warnings are allowed), else with 2.
    """
    from posecoach.exercise.check import check_file
    from posecoach.exercise.problem import MOST
    from posecoach.exercise.routine_check import check_routine_file, is_routine

    errors = warnings = 0
    paths = _files(files) if files else _own_files()
    for path in paths:
        routine = is_routine(path)
        problems = check_routine_file(path).problems if routine else check_file(path).problems
        for problem in problems:
            click.echo(str(problem))
        if len(problems) >= MOST:
            click.echo(f"{problems[0].path}: only the first {MOST} problems are told")
        bad = sum(problem.severity == "error" for problem in problems)
        errors += bad
        warnings += len(problems) - bad
    click.echo(
        f"{_count(len(paths), 'file')}: {_count(errors, 'error')}, {_count(warnings, 'warning')}"
    )
    if errors:
        sys.exit(2)


@exercises.command()
@click.argument("exercise_id", metavar="ID")
@click.option(
    "--into",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder to write it to, in place of your own exercises' folder.",
)
def new(exercise_id: str, folder: Path | None) -> None:
    """Write a commented exercise file to begin with."""
    from posecoach.exercise.check import all_measures
    from posecoach.exercise.editor_schema import editor_schema_text
    from posecoach.exercise.library import refuse_built_in, user_folder
    from posecoach.exercise.template import write_template
    from posecoach.writing import write_text

    folder = folder or user_folder()
    if folder.resolve() == user_folder().resolve():  # elsewhere it stands in front of none
        refuse_built_in(exercise_id)
    path = write_template(exercise_id, folder)
    schema_file = folder / "schema.json"
    if not schema_file.exists():
        write_text(schema_file, editor_schema_text(all_measures()))
    click.echo(f"{path} is written; change it in a text editor, then run")
    click.echo(f"    posecoach exercises check {path}")


@exercises.command(short_help="Learn a new exercise from somebody who does it.")
@click.argument("exercise_id", metavar="ID")
@click.option(
    "--source",
    metavar="SOURCE",
    help="A recording of somebody who does it; or a camera's number or name, or a stream's "
    "address, before which it is shown now. Without it the camera of the last time, else the "
    "first.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it, in place of ID.yaml in your own exercises' folder.",
)
@click.option("--mute", is_flag=True, help="Say nothing.")
@click.option("--full-screen", is_flag=True, help="Begin in full screen.")
@click.option("--no-window", is_flag=True, help="Tell in the terminal, open no window.")
@options.model
@options.gathered(RecordOptions)
def record(asked: RecordOptions) -> None:
    """Learn a new exercise from somebody who does it, before the camera or in a recording.

    One person alone, the whole body in the picture, from where the movement is seen best: begin
    in the start pose, do it three times (with sides three times to each), and come back. Before
    the camera you are told what to do; keep still in the start pose, and it ends by itself.
    Nothing is asked; what a person should answer stands in the file.

    Keys: space pause, r begin again, n or q that is all, h all of them.
    """
    record_exercise(asked)


@exercises.command()
@click.option(
    "--output",
    metavar="FILE|-",
    default="-",
    type=click.Path(allow_dash=True, path_type=Path),
    help="Where to write it; - is the terminal, which is the default.",
)
@click.option("--routine", is_flag=True, help="The schema of routine files instead.")
def schema(output: Path, routine: bool) -> None:
    """Write the JSON Schema by which editors complete exercise files."""
    from posecoach.exercise.check import all_measures
    from posecoach.exercise.editor_schema import editor_schema_text, routine_schema_text
    from posecoach.exercise.library import BUILT_IN, standard_library
    from posecoach.outputs import Outputs

    if routine:
        entries = standard_library().entries()
        text = routine_schema_text([each.id for each in entries if each.origin == BUILT_IN])
    else:
        text = editor_schema_text(all_measures())
    failure = options.written(Outputs([]).take(output, "schema"), text)
    if failure is not None:
        raise failure


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    return console


def _files(paths: tuple[Path, ...]) -> list[Path]:
    from posecoach.errors import ExerciseError
    from posecoach.exercise.problem import printable

    found: list[Path] = []
    for path in paths:
        inside = _inside(path)
        if not inside and path.is_dir():
            shown = printable(str(path))
            raise ExerciseError(f"the folder {shown} holds no exercise file (NAME.yaml)")
        found += inside or [path]
    return found


def _inside(folder: Path) -> list[Path]:
    """A folder's exercises, and the routines in the folder beside them."""
    from posecoach.exercise.library import definition_files
    from posecoach.exercise.routines import FOLDER

    return [*definition_files(folder), *definition_files(folder / FOLDER)]


def _own_files() -> list[Path]:
    """The person's own exercises and routines."""
    from posecoach.errors import ExerciseError
    from posecoach.exercise.library import user_folder
    from posecoach.exercise.problem import printable

    folder = user_folder()
    found = _inside(folder)
    shown = printable(str(folder))
    if not found:
        raise ExerciseError(
            f"you have no exercises of your own in {shown}; name the files to check, for example "
            "`posecoach exercises check my-stretch.yaml`"
        )
    click.echo(f"Your own exercises in {shown}:")
    return found


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _origin(entry: Entry) -> str:
    return f"{entry.origin} (in front of {entry.replaces[0]})" if entry.replaces else entry.origin


def _holds(exercise: Exercise) -> str:
    """The hold of each step that has one: "3 s + 3 s"."""
    seconds = [
        step.hold if step.hold is not None else step.lasting
        for step in exercise.steps
        if step.hold is not None or step.lasting is not None
    ]
    return " + ".join(f"{each:g} s" for each in seconds) or "—"


def _show(console: Console, exercise: Exercise) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from posecoach.exercise.definition_words import fault_words, fill, target_words

    def line(text: str, indent: int) -> None:
        console.print(Padding(Text(text), (0, 0, 0, indent), expand=False))

    def heading(text: str) -> None:
        console.print()
        console.print(text, style="bold", markup=False)

    console.print(f"{exercise.name} ({exercise.id})", style="bold", markup=False)
    line(exercise.purpose, 0)
    heading("How")
    sides = ", each side" if exercise.sides == "each" else ""
    line(f"{', '.join(exercise.posture)}; {_count(exercise.repetitions, 'repetition')}{sides}", 2)
    if exercise.equipment:
        line(f"You need: {', '.join(exercise.equipment)}", 2)
    heading("Camera")
    line(f"{exercise.camera} (view: {', '.join(exercise.view)})", 2)
    heading("Steps")
    for name, pose in (("Before", exercise.setup), ("Start", exercise.start)):
        if pose is not None:
            line(f"{name}: {fill(pose.say)}", 2)
            for target in pose.targets:
                line(f"· {target_words(target)}", 6)
    for number, step in enumerate(exercise.steps, 1):
        _show_step(line, number, step)
    if exercise.faults:
        heading("What is corrected")
    for fault in exercise.faults:
        cues = [fault.cue] if isinstance(fault.cue, str) else [fault.cue.low, fault.cue.high]
        said = " / ".join(f"“{fill(cue)}”" for cue in cues)
        line(f"{fill(fault.name) if fault.name else fault.id}: {said}", 2)
        line(f"· {fault_words(fault)}", 6)
    if exercise.untold:
        heading("What is not judged")
    for untold in exercise.untold:
        line(untold.why, 2)
    heading("Safety")
    for text in exercise.safety:
        line(text, 2)
    heading("Source of the numbers")
    line(exercise.source, 2)


def _show_step(line: Line, number: int, step: Step) -> None:
    from posecoach.exercise.definition_words import circle_words, fill, target_words

    times = [
        f"hold {step.hold:g} s" if step.hold is not None else "",
        f"for {step.lasting:g} s" if step.lasting is not None else "",
        "may be left out" if step.optional else "",
    ]
    extra = ", ".join(filter(None, times))
    line(f"{number}. {fill(step.say)}" + (f" ({extra})" if extra else ""), 2)
    for target in step.targets:
        line(f"· {target_words(target)}", 6)
    if step.circle is not None:
        line(f"· {circle_words(step.circle)}", 6)
    if step.keep:
        line(f"· and still as in {', '.join(step.keep)}", 6)
