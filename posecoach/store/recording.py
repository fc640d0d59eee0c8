"""Keeping a session while it is coached: the numbers always, the picture for those who ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from posecoach.closing import Closing
from posecoach.coach.events import Event
from posecoach.errors import PoseCoachError
from posecoach.plan.plan import Plan
from posecoach.session.result import Result
from posecoach.session.snapshot import Snapshot
from posecoach.store.recorder import Recorder
from posecoach.store.saving import Saving
from posecoach.store.video import VideoRecorder


class Recording(Closing):
    """A session being kept, as far as the disk goes along; a context manager.

    Args:
        saving: what is wanted.
        source: name of the camera, file or stream.
        model: name of the pose model.
        options: what else was asked for; JSON values.
        tell: called once, with a sentence, when something ceases to be kept.
        live: a session before the person's eyes goes on although it cannot be kept, and
            ``problem`` says why; otherwise that is an error at once.

    Raises:
        StoreError: not live, and the session cannot be kept.
    """

    def __init__(
        self,
        saving: Saving,
        *,
        source: str,
        model: str = "",
        options: Mapping[str, Any] | None = None,
        live: bool = True,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._tell = tell
        self._live = live
        self._closed = False
        self._recorder: Recorder | None = None
        self._video: VideoRecorder | None = None
        self._said = ""
        try:
            self._recorder = Recorder(
                saving.folder,
                source=source,
                model=model,
                options=options,
                profile=saving.profile,
                landmarks=saving.landmarks,
                live=live,
            )
        except PoseCoachError as error:
            if not live:
                raise
            self._said = f"{error} The session goes on unsaved."
            self._tell = None  # who asked for it looks at ``problem`` now
            return
        try:
            if saving.video:
                self._video = VideoRecorder(saving.folder, self._recorder.uuid)
                # Listed before it is written, so that no video is ever forgotten by forgetting.
                self._recorder.add_video(self._video.path)
        except PoseCoachError as error:
            if not live:
                self._recorder.close(finished=False)
                raise
            self._said = str(error)

    @property
    def problem(self) -> str:
        """Why something is not kept, in a sentence; empty while all is well."""
        return (self._recorder.problem if self._recorder else "") or self._said

    @property
    def unsaved(self) -> bool:
        """Whether the session itself is not kept, or no longer."""
        return self._recorder is None or bool(self._recorder.problem)

    @property
    def number(self) -> int | None:
        """What the session is called; None where it cannot be kept, or ended before it began."""
        if self._recorder is None or (self._closed and self._recorder.empty):
            return None
        return self._recorder.number

    def begin(self, plan: Plan) -> None:
        """An exercise begins."""
        if self._recorder is not None:
            self._recorder.begin(plan)

    def hear(self, snapshot: Snapshot) -> None:
        """Take in one moment; a listener of ``Session``."""
        if self._tell is not None and self.problem:
            self._tell(self.problem)
            self._tell = None
        if self._recorder is not None:
            self._recorder.hear(snapshot)
        if self._video is not None:
            try:
                self._video.hear(snapshot)
            except PoseCoachError as error:
                self._video, self._said = None, str(error)

    def end(self, result: Result, last: Iterable[Event] = ()) -> None:
        """The exercise is over; ``last`` is ``Session.ending``."""
        if self._recorder is not None:
            self._recorder.end(result, last)

    def close(self, *, finished: bool = True) -> None:
        """Write what is left; where nothing was seen, nothing is kept."""
        self._closed = True
        try:
            if self._video is not None:
                self._video.close()
        except PoseCoachError as error:
            self._said = str(error)
        finally:
            if self._recorder is not None:
                self._recorder.close(finished=finished)

    def _leave(self, kind: type[BaseException] | None) -> None:
        # Who stops a session before their eyes has done with it; a recording broken off has not
        # been seen to its end.
        stopped = kind is not None and issubclass(kind, KeyboardInterrupt)
        self.close(finished=kind is None or (stopped and self._live))
