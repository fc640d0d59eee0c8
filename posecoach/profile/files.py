"""The profiles on disk: one readable file a person, in the data folder's ``profiles``."""

from __future__ import annotations

import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from posecoach.errors import OutputError, ProfileError
from posecoach.profile.format import DamagedError, TooNewError, as_text, from_text
from posecoach.profile.person import Profile
from posecoach.writing import private_folder, write_text

FOLDER = "profiles"
LONGEST = 80
"""Letters of a name."""

ROOM = 16384
"""Bytes to be sure of: a profile with some ten calibrations."""

_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")
_HASHED = re.compile(r".*-[0-9a-f]{8}")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of all that follows: a name can hide another one in it."""


def same_name(name: str) -> str:
    """What two spellings of one name have in common.

    Case, Unicode form, and letters nobody sees (they join others in Persian, families of emoji,
    flags) do not count.
    """
    seen = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()).strip()


def _is_no_letter(letter: str) -> bool:
    """Whether it has no place in a name: controls, half letters, what turns the direction."""
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in _TURNING


def file_name(name: str) -> str:
    """A file name for any name, safe on every system.

    A plain name gives itself. Any other gives what is plain in it and a digest, so that two
    names never share a file and no name can lead out of the folder.

    Raises:
        ProfileError: it is no name.
    """
    clean = same_name(name)
    if not clean or any(map(_is_no_letter, name)) or len(clean) > LONGEST:
        raise ProfileError(
            f"A profile's name needs 1 to {LONGEST} printable letters; {name!r} has not."
        )
    plain = _PLAIN.fullmatch(clean) and not _HASHED.fullmatch(clean)
    if plain and not _DEVICES.fullmatch(clean):
        return f"{clean}.json"
    base = unicodedata.normalize("NFKD", clean).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", base).strip("-")[:30].strip("-") or "profile"
    return f"{slug}-{hashlib.sha256(clean.encode()).hexdigest()[:8]}.json"


class Profiles:
    """Reads and writes profiles.

    Args:
        data: the data folder; it is made when something is written.
    """

    def __init__(self, data: Path) -> None:
        self.folder = data / FOLDER

    def path(self, name: str) -> Path:
        """Where a profile is or would be.

        Raises:
            ProfileError: it is no name.
        """
        return self.folder / file_name(name)

    def names(self) -> list[str]:
        """The names of all profiles that can be read; see ``troubles`` for the others."""
        found = [profile.name for profile in self._readable()]
        return sorted(found, key=same_name)

    def troubles(self) -> list[str]:
        """One sentence for each file that is no usable profile."""
        told = []
        for path in self._files():
            try:
                from_text(path.read_text("utf-8"))
            except TooNewError as error:
                told.append(f"{path.name} was written by a newer PoseCoach ({error}).")
            except DamagedError as error:
                told.append(f"{path.name} is damaged: {error}.")
            except (OSError, UnicodeDecodeError) as error:
                told.append(f"{path.name} cannot be read: {error}.")
        if self.folder.is_dir():
            told += [
                f"{path.name} was set aside because it was damaged."
                for path in sorted(self.folder.glob("*.damaged-*"))
            ]
        return told

    def load(self, name: str) -> Profile:
        """Read a profile; one that is damaged is set aside, and that is told.

        Raises:
            ProfileError: there is none of this name, or it cannot be used.
        """
        found = self.find(name)
        if found is None:
            raise ProfileError(self._nobody(name))
        return found

    def find(self, name: str) -> Profile | None:
        """Read a profile, None where there is none of this name.

        Raises:
            ProfileError: the name is no name, or the profile cannot be used.
        """
        path = self.path(name)
        try:
            return from_text(path.read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except TooNewError as error:
            raise ProfileError(
                f"The profile {path} was written by a newer PoseCoach ({error}); update PoseCoach."
            ) from None
        except (DamagedError, UnicodeDecodeError) as error:
            aside = self._set_aside(path)
            raise ProfileError(
                f"The profile {name!r} is damaged ({error}). It {aside}. Repair it and name it "
                f"{path.name} again, or calibrate anew."
            ) from None
        except OSError as error:
            raise ProfileError(
                f"The profile {path} cannot be read ({_reason(error)}); check its permissions."
            ) from None

    def save(self, profile: Profile) -> Path:
        """Write a profile, whole or not at all; returns where.

        Raises:
            ProfileError: it cannot be written.
        """
        path = self.path(profile.name)
        try:
            private_folder(self.folder)
            write_text(path, as_text(profile), private=True)
        except OSError as error:
            raise ProfileError(
                f"The folder {self.folder} cannot be made ({_reason(error)}); choose another "
                "with --data-dir."
            ) from None
        except OutputError as error:
            raise ProfileError(f"{error} Choose another folder with --data-dir.") from None
        return path

    def check_writable(self) -> None:
        """Find out before somebody has moved for minutes whether it can be kept at all.

        Raises:
            ProfileError: nothing can be written.
        """
        try:
            private_folder(self.folder)
            with tempfile.TemporaryFile(dir=self.folder) as file:
                file.write(b" " * ROOM)
                file.flush()
        except OSError as error:
            raise ProfileError(
                f"Nothing can be kept in {self.folder} ({_reason(error)}); choose another folder "
                "with --data-dir."
            ) from None

    def delete(self, name: str) -> None:
        """Delete a profile.

        Raises:
            ProfileError: there is none, or the system refuses.
        """
        path = self.path(name)
        try:
            path.unlink()
        except FileNotFoundError:
            raise ProfileError(self._nobody(name)) from None
        except OSError as error:
            raise ProfileError(f"{path} cannot be deleted ({_reason(error)}).") from None

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("[!.]*.json")) if self.folder.is_dir() else []

    def _readable(self) -> Iterator[Profile]:
        for path in self._files():
            try:
                yield from_text(path.read_text("utf-8"))
            except (OSError, ValueError):
                continue  # told by ``troubles``

    def _nobody(self, name: str) -> str:
        names = self.names()
        is_ = "is" if len(names) == 1 else "are"
        there = f"there {is_} {', '.join(names)}" if names else "there are none yet"
        return (
            f"There is no profile {name!r}; {there}. "
            "Make one with `posecoach calibrate EXERCISE --profile NAME`."
        )

    def _set_aside(self, path: Path) -> str:
        """Rename a damaged file, over none that is there already."""
        stem = f"{path.name}.damaged-{date.today().isoformat()}"
        for number in range(1, 1000):
            aside = path.with_name(stem if number == 1 else f"{stem}-{number}")
            if not aside.exists():
                break
        try:
            path.rename(aside)
        except OSError as error:
            return f"could not be set aside ({_reason(error)}) and is left as it is"
        return f"was set aside as {aside.name}"


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
