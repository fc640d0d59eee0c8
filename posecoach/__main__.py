"""The ``posecoach`` command as a process of its own; ``python -m posecoach`` is the same."""

from __future__ import annotations

import signal
import sys

from posecoach import __version__

VERBOSE = "--verbose"


def main() -> None:
    """Keep the terminal for our own text and run the command line."""
    # Nothing is open yet: whoever interrupts while it starts ends it, without a traceback.
    interrupted = signal.getsignal(signal.SIGINT)
    if interrupted is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from posecoach.terminal import note, orderly, own

    arguments, verbose = _taken_out(sys.argv[1:])
    own(__version__, verbose=verbose)
    orderly()
    from posecoach.cli import main as run
    from posecoach.cli import tell
    from posecoach.writing import remove_parts

    try:
        signal.signal(signal.SIGINT, interrupted)
        run(arguments)
    except KeyboardInterrupt:  # between two of ours
        sys.exit(130)
    except Exception as error:
        log = note(error)
        said = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(".")
        where = f"; the details are in {log}" if log else ""
        tell(f"Something in the program failed ({said}){where}.")
        sys.exit(1)
    finally:
        remove_parts()


def _taken_out(arguments: list[str]) -> tuple[list[str], bool]:
    """The arguments without ``--verbose``, wherever it stands, and whether it was there."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [each for each in arguments[:end] if each != VERBOSE]
    return kept + arguments[end:], len(kept) < end


if __name__ == "__main__":
    main()
