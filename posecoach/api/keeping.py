"""Sessions written, and their reports."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from posecoach.errors import OutputError
from posecoach.kinds import REPORTS

if TYPE_CHECKING:
    from posecoach.store.recorder import Recorder
    from posecoach.store.store import Store


def keep_session(
    source: str,
    *,
    person: str = "",
    data_dir: str | os.PathLike[str] | None = None,
    landmarks: bool = True,
    live: bool = False,
) -> Recorder:
    """Begin to keep a session; a context manager to give to ``coach_recording`` or ``coach_poses``.

    Leaving it by an exception marks the session as broken off.

    Args:
        source: name of the camera or recording.
        person: whose session; "" for nobody's in particular.
        data_dir: where sessions are kept; None for PoseCoach's own folder.
        landmarks: whether to keep the landmarks, so that it can be coached again.
        live: whether moments come by the clock and must never wait for the disk.

    Raises:
        StoreError: the database cannot be opened or written.
        ProfileError: the person's name is none: too long, or not printable.
    """
    from posecoach.profile.files import file_name
    from posecoach.store.database import data_folder
    from posecoach.store.recorder import Recorder

    whose = person.strip()
    if whose:
        file_name(whose)  # refuses what no profile could be called
    return Recorder(
        data_folder(data_dir), source=source, profile=whose, landmarks=landmarks, live=live
    )


def write_report(store: Store, file: str | os.PathLike[str], session: str = "last") -> None:
    """Write the report of a kept session.

    Args:
        store: an open ``Store``.
        file: where to; its ending says what: .html, .pdf, .json or .csv.
        session: "last", its number, or the beginning of its uuid.

    Raises:
        StoreError: there is no such session, or it cannot be read.
        OutputError: the file cannot be written, something else lies there, or its ending is none
            of these; told before the work.
    """
    from posecoach.outputs import Outputs
    from posecoach.report.gather import gather
    from posecoach.report.written import report_bytes

    path = Path(file)
    kind = REPORTS.get(path.suffix.lower().removeprefix("."))
    if kind is None:
        raise OutputError(f"{path.name} must end in .html, .pdf, .json or .csv.")
    output = Outputs([], store.folder).take(path, kind)
    output.write(report_bytes(gather(store, session), kind))
