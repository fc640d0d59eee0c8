"""What one running PoseCoach has: its folders, its people, what is going on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posecoach.exercise.definition import Exercise
    from posecoach.exercise.library import Library
    from posecoach.exercise.routine import Routine
    from posecoach.practice.board import Drawn
    from posecoach.profile.files import Profiles
    from posecoach.profile.person import Profile
    from posecoach.web.jobs import Jobs
    from posecoach.web.sitting import Sitting, Work

# The rooms are entered only when a page asks for them: the first page must not wait for them.

IDLE_S = 600.0
"""So long after the last page was closed the server ends, where nothing is running."""

JOIN_S = 10.0
"""What a sitting may take to end: the model looks at one more picture, the last is written."""

Finding = tuple[bool, str, str]
"""Whether it is well, what was tried, and in words."""


@dataclass(slots=True)
class House:
    """The state behind all pages: changed on the server's thread, read on others, too.

    Attributes:
        folder: where sessions are kept.
        model: a pose model of the person's own; None for the usual one.
        root: the path everything is below.
        doctor: tries the machine's parts, one after the other.
        sitting: the practice that is going on or was last.
        pages: how many pages are open.
        ending: whether the person has asked for the end.
        drawn: told of every frame handed to a page, for whoever measures.
    """

    folder: Path
    model: str | None = None
    root: str = ""
    doctor: Callable[[], Iterable[Finding]] | None = None
    sitting: Sitting | None = None
    pages: int = 0
    ending: bool = False
    drawn: Callable[[Drawn], None] | None = None
    _jobs: Jobs | None = None
    _read: dict[Path, tuple[tuple[int, int], Exercise]] = field(default_factory=dict)
    _left_at: float = field(default_factory=time.monotonic)

    @property
    def jobs(self) -> Jobs:
        """The recordings taken in."""
        from posecoach.web.jobs import Jobs

        if self._jobs is None:
            self._jobs = Jobs(self.bundle)
        return self._jobs

    def bundle(self, progress: Callable[[str, int, int], None] | None = None) -> Path:
        """The pose model, fetched where it is not here yet.

        Raises:
            ModelError: it is not a usable bundle, or cannot be fetched.
        """
        from posecoach.pose.bundle import resolve_bundle

        return resolve_bundle(self.model, progress=progress)

    # -- what can be practised -----------------------------------------------------------------

    def library(self) -> Library:
        """The exercises there are now; files may have changed since the last look."""
        from posecoach.exercise.library import standard_library

        return standard_library()

    def exercise(self, id_: str) -> Exercise:
        """One of them, by its id alone: a page names no files.

        Raises:
            ExerciseError: there is none of this id, or its definition has mistakes.
        """
        return self._load(self.library().entry(id_).path)

    def exercises(self) -> Iterator[Exercise]:
        """All that can be used."""
        from posecoach.errors import ExerciseError

        library = self.library()
        for id_ in library.ids():
            try:
                yield self._load(library.entry(id_).path)
            except ExerciseError:
                continue  # told on the page of one's own stretches

    def _load(self, path: Path) -> Exercise:
        """Read a definition, again only where its file has changed."""
        from posecoach.exercise.library import load

        try:
            found = path.stat()
        except OSError:
            return load(path)  # which tells what is wrong with it
        now = (found.st_mtime_ns, found.st_size)
        if path not in self._read or self._read[path][0] != now:
            self._read[path] = (now, load(path))
        return self._read[path][1]

    def routines(self) -> Iterator[Routine]:
        """All that can be used."""
        from posecoach.errors import ExerciseError
        from posecoach.exercise.routines import Routines

        routines = Routines(self.library())
        for id_ in routines.ids():
            try:
                yield routines.find(id_)
            except ExerciseError:
                continue

    # -- people --------------------------------------------------------------------------------

    @property
    def profiles(self) -> Profiles:
        """The people."""
        from posecoach.profile.files import Profiles

        return Profiles(self.folder)

    @property
    def who(self) -> str:
        """Who practises, "" for nobody in particular."""
        from posecoach.errors import ProfileError
        from posecoach.practice.preferences import load_preferences

        name = load_preferences(self.folder).profile
        try:
            return name if name and self.profiles.path(name).exists() else ""
        except ProfileError:
            return ""

    def person(self) -> Profile | None:
        """The profile of who practises.

        Raises:
            ProfileError: it is damaged.
        """
        return self.profiles.find(self.who) if self.who else None

    def choose(self, name: str) -> None:
        """Remember who practises; somebody new gets a profile.

        Raises:
            ProfileError: it is no name, or the profile cannot be written.
        """
        from posecoach.profile.files import file_name
        from posecoach.profile.person import Profile

        if name:
            file_name(name)
            found = self.profiles.find(name)
            if found is None:
                found = Profile(name.strip())
                self.profiles.save(found)
            name = found.name
        self.remember(profile=name)

    def remember(self, **changes: str) -> None:
        """Keep a choice for the next time."""
        from dataclasses import replace

        from posecoach.practice.preferences import load_preferences, save_preferences

        save_preferences(self.folder, replace(load_preferences(self.folder), **changes))

    # -- what is going on ----------------------------------------------------------------------

    def begin(self, work: Work) -> Sitting:
        """Begin a sitting; one that is going on is ended and kept."""
        from posecoach.web.sitting import Sitting

        if self.sitting is not None and self.sitting.running:
            self.sitting.stop()
            self.sitting.join(JOIN_S)
        self.sitting = Sitting(work, self.bundle, self.drawn)
        return self.sitting

    @property
    def busy(self) -> bool:
        """Whether anything is running."""
        coaching = self._jobs is not None and self._jobs.running
        return coaching or (self.sitting is not None and self.sitting.running)

    @property
    def going_on(self) -> bool:
        """Whether somebody is practising."""
        return self.sitting is not None and self.sitting.running

    @property
    def idle_s(self) -> float:
        """Seconds for which no page has been open and nothing has been running."""
        if self.pages > 0 or self.busy:
            self._left_at = time.monotonic()
        return time.monotonic() - self._left_at

    def close(self) -> None:
        """End what is going on; what was done is kept."""
        if self._jobs is not None:
            self._jobs.close()
        if self.sitting is not None:
            self.sitting.stop()
            self.sitting.join(JOIN_S)
