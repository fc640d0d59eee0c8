"""The icon that opens the page."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from posecoach.errors import MachineError
from posecoach.web.shortcut import make_shortcut


def test_linux_gets_an_entry_in_the_menu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    path = make_shortcut(tmp_path / 'odd "$name" 100%', platform="linux")
    text = path.read_text(encoding="utf-8")
    assert path == tmp_path / "applications" / "posecoach.desktop"
    assert f'Exec="{sys.executable}" "-m" "posecoach" "app" "--data-dir"' in text
    assert '\\\\"\\\\$name\\\\" 100%%"' in text
    icon = next(line for line in text.splitlines() if line.startswith("Icon="))
    assert Path(icon.removeprefix("Icon=")).is_file()
    assert make_shortcut(platform="linux") == path  # anew, over the one that is there


def test_a_mac_gets_a_command_on_the_desktop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    path = make_shortcut(tmp_path / "my data", platform="darwin")
    line = path.read_text(encoding="utf-8").splitlines()[1]
    assert shlex.split(line)[1:4] == [sys.executable, "-m", "posecoach"]
    assert shlex.split(line)[-1] == str(tmp_path / "my data")
    assert path.stat().st_mode & 0o100


def test_where_it_cannot_be_made_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "applications").write_text("a file in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(MachineError, match="The icon cannot be made"):
        make_shortcut(platform="linux")
