"""The ``posecoach`` command.

Each subcommand lives in a module of its own, imported only when it is asked for, so that
``posecoach --help`` does not pay for what it does not use. Every error a user can meet is
one sentence on standard error and exit code 2.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module

import click

from posecoach import __version__
from posecoach.errors import PoseCoachError
from posecoach.terminal import in_use, told_at_the_end
from posecoach.terminal import tell as tell_once

_COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("posecoach.cli.demo", "demo", "Coach a bundled clip of the wall stretch."),
    "run": ("posecoach.cli.run", "run", "Coach an exercise or routine live."),
    "app": ("posecoach.cli.app", "app", "Open PoseCoach as a page in your browser."),
    "analyze": ("posecoach.cli.analyze", "analyze", "Coach recordings and write the results."),
    "report": ("posecoach.cli.report", "report", "Write the report of a session."),
    "history": ("posecoach.cli.history", "history", "Show how practice went over the weeks."),
    "calibrate": ("posecoach.cli.calibrate", "calibrate", "Find how far you can move."),
    "profiles": ("posecoach.cli.profiles", "profiles", "People, their ranges, preferences."),
    "measure": ("posecoach.cli.measure", "measure", "Write every joint angle of recordings."),
    "sessions": ("posecoach.cli.sessions", "sessions", "List the sessions kept here."),
    "replay": ("posecoach.cli.replay", "replay", "Coach a kept session again."),
    "export": ("posecoach.cli.transfer", "export_sessions", "Write sessions to a file."),
    "import": ("posecoach.cli.transfer", "import_sessions", "Take in sessions from a file."),
    "forget": ("posecoach.cli.forget", "forget", "Delete sessions for good."),
    "exercises": ("posecoach.cli.exercises", "exercises", "List, show and check exercises."),
    "models": ("posecoach.cli.models", "models", "List, fetch and verify pose models."),
    "doctor": ("posecoach.cli.doctor", "doctor", "Try camera, model, display, sound, speed."),
}
"""Command: module, attribute, and the line ``--help`` shows without importing it."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(_COMMANDS)}."
            raise click.UsageError(f"There is no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in _COMMANDS.items()])


@click.command(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="posecoach")
@click.option(
    "--verbose",
    is_flag=True,
    expose_value=False,
    help="Show what MediaPipe and OpenCV write, too; wherever it stands.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Coach stretches through the webcam: holds, repetitions, and what to correct.

    Without a command it asks what to practise and begins. Nothing leaves this machine. Stop
    where it hurts.
    """
    if ctx.invoked_subcommand is None:
        from posecoach.cli.start import asks_here, start

        if asks_here():
            start(ctx)
        else:
            click.echo(ctx.get_help())


def main(args: list[str] | None = None) -> None:
    """Run the command line; exits with 0, 2 (an error, told in a sentence) or 130 (Ctrl-C)."""
    for stream in (sys.stdout, sys.stderr):
        # A degree sign that the terminal or the file's encoding lacks is no reason to fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(args, standalone_mode=False)
    except (click.exceptions.Exit, SystemExit) as leave:
        code = getattr(leave, "exit_code", None) or getattr(leave, "code", 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = 2
    except click.ClickException as error:
        tell(error.format_message())
        code = 2
    except PoseCoachError as error:
        tell_error(error)
        code = 2
    except PermissionError as error:  # of a path that was only looked for, wherever that was
        if error.filename is None:
            raise
        tell(f"You are not allowed to look at {error.filename}; change its permissions or copy it.")
        code = 2
    except (KeyboardInterrupt, click.Abort):
        code = 130
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; nothing is left to tell it.
        code = 0
    code = code if isinstance(code, int) else 0
    if told_at_the_end(_say):
        code = code or 2
    sys.exit(code)


def _where_more_is_told() -> str:
    log = in_use()
    return f" What the library itself said is in {log}" if log else ""


def tell_error(error: PoseCoachError) -> None:
    """Tell an error a user can meet, and where more of it is told."""
    tell(f"{error}{_where_more_is_told() if error.native else ''}")


def tell(sentence: str) -> None:
    """Tell an error, on what is left to write to."""
    tell_once(sentence, _say)


def _say(sentence: str, to_errors: bool) -> None:
    click.echo(f"posecoach: {sentence}", err=to_errors)
