"""Errors a user can meet.

Each carries one sentence that says what is wrong and what to do. The command line
prints that sentence and exits with code 2; nothing else is printed, no traceback.
"""


class PoseCoachError(Exception):
    """Base of every error a user can meet; ``str(error)`` is the sentence to show.

    Attributes:
        native: whether a native library failed; what it wrote itself then tells more.
    """

    def __init__(self, sentence: str, *, native: bool = False) -> None:
        super().__init__(sentence)
        self.native = native


class SourceError(PoseCoachError):
    """A camera, file, folder or stream cannot be opened or read."""


class ModelError(PoseCoachError):
    """The pose model cannot be found, fetched, verified or loaded."""


class ExerciseError(PoseCoachError):
    """An exercise or routine is unknown or its definition is not valid."""


class MeasureError(PoseCoachError):
    """A measure is unknown or cannot be computed."""


class MachineError(PoseCoachError):
    """The machine lacks something PoseCoach needs (a shared library, a display)."""


class OutputError(PoseCoachError):
    """A result cannot be written where the user wants it."""


class StoreError(PoseCoachError):
    """The sessions kept on this machine cannot be found, read or written."""


class ProfileError(PoseCoachError):
    """A person's profile cannot be found, read or written, or a calibration found nothing."""


class LearningError(PoseCoachError):
    """No stretch can be learnt from what was shown."""
