"""Bad input of every command: exit code 2, one sentence, nothing written half."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from posecoach.cli import _COMMANDS, main
from posecoach.data import data_dir
from posecoach.session.result import Result

CLIP = data_dir("demo") / "wall-stretch.mp4"


@dataclass(frozen=True)
class Told:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Told]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what goes wrong in it; the person's own data and models are elsewhere."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "home" / "kept"))
    # No bundle and no way to fetch one: whatever needs the model before it has looked at the
    # other arguments says so, and is found out.
    monkeypatch.setenv("POSECOACH_MODEL", str(tmp_path / "no-model.task"))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / "text.mp4").write_text("This is no video.\n" * 20)
    (here / "empty.mp4").touch()
    (here / "cut.mp4").write_bytes(CLIP.read_bytes()[:5000])
    (here / "wrong.yaml").write_text("id: wrong\nsteps: 7\n")
    (here / "broken.yaml").write_text("id: [unclosed\n")
    (here / "noise.bin").write_bytes(bytes(range(256)) * 20)
    (here / "folder").mkdir()
    shutil.copy(CLIP, here / "clip.mp4")
    return here


@pytest.fixture
def run(place: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process; an exception that escapes fails the test."""

    def call(*arguments: str) -> Told:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return Told(ended.value.code, out, err)

    return call


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


WRONG = """
nonsense
--nonsense
app --port 99999
demo --model nowhere.task
demo --model text.mp4
demo --model folder
demo more
run
run nonsense
run wall-stretch --source nowhere.mp4
run wall-stretch --source text.mp4
run wall-stretch --source empty.mp4
run wall-stretch --source cut.mp4
run wall-stretch --source folder
run wall-stretch --source ftp://nowhere/clip.mp4
run wall-stretch --source clip.mp4
run wall-stretch --reps 0
run wall-stretch --reps many
run wall-stretch --hold -1
run wall-stretch --hold nan
run wall-stretch --side up
run cat-cow --side left
run wrong.yaml
run broken.yaml
run nowhere.yaml
run wall-stretch --exercises nowhere
run wall-stretch --exercises clip.mp4
run wall-stretch --json nowhere/result.json --source clip.mp4
analyze
analyze clip.mp4
analyze clip.mp4 --exercise nonsense
analyze clip.mp4 --exercise wrong.yaml
analyze nowhere.mp4 --exercise wall-stretch
analyze text.mp4 --exercise wall-stretch
analyze clip.mp4 --exercise wall-stretch
analyze clip.mp4 --exercise wall-stretch --model text.mp4
analyze clip.mp4 --exercise wall-stretch --jobs 0
analyze clip.mp4 --exercise wall-stretch --json nowhere/result.json
analyze clip.mp4 --exercise wall-stretch --json folder
analyze clip.mp4 --exercise cat-cow --side left
measure
measure nowhere.mp4
measure clip.mp4 --csv nowhere/angles.csv
measure clip.mp4
app --no-browser --model nowhere.task
sessions --last nonsense
sessions --nonsense
replay
replay last
replay 7
replay nonsense
report last
report 7
report nonsense
history --since nonsense
export nowhere/all.posecoach
export 7 all.posecoach
import
import nowhere.posecoach
import text.mp4
import empty.mp4
import noise.bin
import folder
forget
forget 7
forget nonsense
calibrate nonsense
calibrate --source nowhere.mp4
profiles nonsense
profiles show nobody
profiles remove nobody
exercises nonsense
exercises show nonsense
exercises show wrong.yaml
exercises new ../outside
exercises new CON
models nonsense
models fetch nonsense
models verify nonsense
""".strip().splitlines()


@pytest.mark.parametrize("line", WRONG)
def test_bad_input_is_told_in_one_sentence(line: str, place: Path, run: Run) -> None:
    before = files(place)
    told = run(*line.split())
    assert told.code == 2, told
    said = told.err.strip().splitlines()
    assert len(said) == 1, told
    assert said[0].startswith("posecoach: "), told
    assert len(said[0]) > 30, told
    assert "Error" not in told.err, told
    assert told.out.strip() == "", told
    assert files(place) == before, "something was written"


def test_every_command_has_bad_input() -> None:
    tried = {line.split()[0] for line in WRONG}
    assert set(_COMMANDS) - tried <= {"doctor"}


@pytest.mark.parametrize("command", sorted(_COMMANDS))
def test_help_names_every_option_in_words(command: str, run: Run) -> None:
    told = run(command, "--help")
    assert told.code == 0
    assert told.err == ""
    assert "Usage:" in told.out


@pytest.mark.parametrize(
    "line",
    [
        "analyze shut/clip.mp4 --exercise wall-stretch",
        "analyze shut/list.csv --exercise wall-stretch --results out.parquet",
        "measure shut/clip.mp4",
        "exercises check shut/mine.yaml",
        "report shut/study.parquet",
        "report shut",
        "profiles list --data-dir shut/data",
        "run shut/mine.yaml --source clip.mp4",
        "import shut/all.posecoach",
        "sessions --data-dir shut/data",
    ],
)
def test_what_is_in_a_folder_without_rights_is_told_in_a_sentence(
    line: str, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the system tells it to whoever is not root, whom it refuses nothing."""
    shut = str(place / "shut")
    Path(shut).mkdir()
    shut_to(monkeypatch, shut)
    told = run(*line.split())
    assert told.code == 2, told
    assert len(told.err.strip().splitlines()) == 1, told
    assert "PermissionError" not in told.err
    assert "shut" in told.err or "pyarrow" in told.err


def shut_to(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """Let the system refuse whatever is in a folder."""

    def refusing(real: Callable[..., object]) -> Callable[..., object]:
        def call(path: object, *arguments: object, **of: object) -> object:
            if isinstance(path, str | Path) and str(Path(path).absolute()).startswith(f"{folder}/"):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *arguments, **of)

        return call

    for name in ("stat", "lstat", "open", "mkdir", "scandir", "listdir"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    monkeypatch.setattr(io, "open", refusing(io.open))
    monkeypatch.setattr("builtins.open", refusing(io.open))


def test_a_session_that_could_not_be_kept_is_an_error_after_its_result(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = "The disk is full. The session goes on unsaved."
    result = Result("wall-stretch", "clip.mp4", unsaved=full)
    monkeypatch.setattr("posecoach.clinic.job.coached", lambda job, progress: result)
    monkeypatch.setattr("posecoach.cli.options.find_model", lambda path: place / "model.task")
    analyze = "analyze clip.mp4 --exercise wall-stretch --json out.json"
    told = run(*analyze.split(), "--save")
    assert told.code == 2
    assert told.err == f"posecoach: {full}\n"
    assert json.loads((place / "out.json").read_text()) == result.as_json()


def test_that_there_is_no_calibration_is_told_once(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = Result("wall-stretch", "clip.mp4")
    monkeypatch.setattr("posecoach.clinic.job.coached", lambda job, progress: result)
    monkeypatch.setattr("posecoach.cli.options.find_model", lambda path: place / "model.task")
    analyze = "analyze clip.mp4 --exercise wall-stretch --profile Ada"
    for keeping in ((), ("--save",)):
        told = run(*analyze.split(), *keeping)
        assert told.code == 0, told
        assert told.err.count("posecoach calibrate") == 1, told


@pytest.mark.parametrize("group", ["exercises", "models", "profiles"])
def test_a_group_without_a_command_shows_its_help_and_nothing_else(group: str, run: Run) -> None:
    told = run(group)
    assert told.code == 2
    assert told.err == run(group, "--help").out


def test_an_output_that_is_there_stays_whole(place: Path, run: Run) -> None:
    result = place / "result.json"
    result.write_text("precious")
    told = run("analyze", "text.mp4", "--exercise", "wall-stretch", "--json", str(result))
    assert told.code == 2
    assert result.read_text() == "precious"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_of_several_recordings_each_that_is_refused_is_told(
    run: Run, bundle: Path, jobs: str
) -> None:
    bad = ["text.mp4", "empty.mp4", "cut.mp4"]
    told = run(
        *("analyze", *bad, "--exercise", "wall-stretch"),
        *("--model", str(bundle), "--jobs", jobs, "--json", "-"),
    )
    assert told.code == 2
    own = [line for line in told.err.splitlines() if line.startswith("posecoach:")]
    assert [line.split()[1] for line in own] == bad  # the decoder may say something, too


def test_a_definition_with_mistakes_is_told_with_all_of_them(place: Path, run: Run) -> None:
    told = run("exercises", "check", "wrong.yaml", "broken.yaml")
    assert told.code != 0
    assert "wrong.yaml" in told.out + told.err
    assert "broken.yaml" in told.out + told.err
    assert "Traceback" not in told.out + told.err


def _command(*arguments: str, **other: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "posecoach", *arguments],
        capture_output=True,
        check=False,
        timeout=120,
        **other,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("errors", ["", "2>&-"])
def test_a_reader_that_goes_away_is_no_error(errors: str) -> None:
    command = f"{sys.executable} -m posecoach exercises list {errors}"
    script = f"{command} | (exec 0<&-; sleep 0.1)"
    ended = subprocess.run(["bash", "-c", script], capture_output=True, timeout=120, check=False)
    assert ended.stderr == b""


def test_help_does_not_pay_for_what_it_does_not_use() -> None:
    heavy = ("numpy", "cv2", "mediapipe", "pydantic", "yaml", "rich", "sqlite3", "platformdirs")
    script = (
        "import sys\nfrom posecoach.cli import main\ntry:\n    main(['--help'])\n"
        f"except SystemExit:\n    print([m for m in {heavy!r} if m in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"


def test_a_terminal_that_knows_no_letters_beyond_ascii(tmp_path: Path) -> None:
    ended = _command(
        "exercises",
        "show",
        "childs-pose",
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"},
    )
    assert ended.returncode == 0, ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("line", ["history --since", "sessions --since", "forget --before"])
def test_what_is_no_day_is_told_by_how_one_is_written(line: str, run: Run) -> None:
    assert "is no day; write it as in 2025-03-31." in run(*line.split(), "yesterday").err
    assert "%Y" not in run(*line.split()[:1], "--help").out


@pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-1", "abc"])
@pytest.mark.parametrize("command", ["run", "analyze clip.mp4 --exercise"])
def test_a_hold_that_is_no_time_is_what_is_told(command: str, value: str, run: Run) -> None:
    told = run(*f"{command} wall-stretch --hold".split(), value)
    assert told.code == 2
    assert "'--hold'" in told.err
    assert "float" not in told.err


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("analyze clip.mp4 --exercise upper-back", "a recording"),
        ("exercises show upper-back", "`exercises show`"),
        ("analyze folder clip.mp4 --exercise upper-back --results out.parquet", "a recording"),
        ("calibrate upper-back --source clip.mp4 --profile Ada", "a calibration"),
    ],
)
def test_a_routine_is_told_apart_from_what_there_is_not(line: str, needs: str, run: Run) -> None:
    told = run(*line.split())
    assert told.code == 2
    assert f"upper-back is a routine, and {needs} needs one stretch; name one of its" in told.err
    assert "cat-cow, childs-pose, knee-to-chest" in told.err
