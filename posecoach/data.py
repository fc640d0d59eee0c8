"""Where the data folders are: in a checkout at its top, in a wheel inside the package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """Return the folder ``name`` ("exercises", "models" or "demo", ...) of a checkout or a wheel.

    Raises:
        FileNotFoundError: neither has it, which means the installation is damaged.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the data folder {name!r} is missing; reinstall posecoach")
