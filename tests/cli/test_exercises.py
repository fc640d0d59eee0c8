"""``posecoach exercises``: what a person sees, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from posecoach.cli import cli, main
from posecoach.data import data_dir
from posecoach.errors import SourceError

ARM = """\
id: {id}
name: {name}
purpose: Raises an arm.
posture: [upright]
view: [front]
camera: Face the camera.
equipment: [a chair]
safety: [Stop where it hurts.]
sides: each
repetitions: 3
start:
  say: Stand upright
  targets: [{{measure: "shoulder_abduction_{{side}}", at_most: 30}}]
steps:
  - id: up
    say: Raise your {{side}} arm
    hold: 4
    targets: [{{measure: "shoulder_abduction_{{side}}", is: 90, within: 15}}]
faults:
  - id: lean
    when: {{any: [{{measure: trunk_lateral_flexion, outside: [-15, 15]}}, {{all: [{{measure: "elbow_flexion_{{side}}", above: 40}}, {{measure: "shoulder_abduction_{{side}}", below: 20}}]}}]}}
    cue: "Stay upright [bold]now[/bold]"
source: invented for the tests
"""  # noqa: E501


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's folder is an empty one, on every system."""
    monkeypatch.setattr("posecoach.exercise.library.user_folder", lambda: tmp_path / "user")


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leave:
        main(["exercises", *map(str, args)])
    captured = capsys.readouterr()
    code = leave.value.code
    return code if isinstance(code, int) else 0, captured.out, captured.err


@pytest.mark.parametrize("group", ["exercises", "profiles", "models"])
def test_no_command_is_cut_off_in_the_list_of_commands(
    group: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([group, "--help"])
    commands = capsys.readouterr().out.partition("Commands:")[2]
    assert "list " in commands
    assert "..." not in commands


def write(folder: Path, id_: str = "arm", name: str = "Arm raise") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{id_}.yaml"
    path.write_text(ARM.format(id=id_, name=name), encoding="utf-8")
    return path


def test_list_shows_own_and_given_exercises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "user", "arm", "Mine")
    write(tmp_path / "user", "other", "Other")
    write(tmp_path / "given", "arm", "Given [red]")
    code, out, err = run(capsys, "list", "--exercises", tmp_path / "given")
    assert (code, err) == (0, "")
    row = next(line for line in out.splitlines() if "Given [red]" in line)
    for cell in ("arm", "upright", "front", "4 s", "3", "left and right", "in front of yours"):
        assert cell in row
    assert "Mine" not in out
    assert re.search(r"other .* yours ", out)


def test_list_tells_of_a_broken_file_and_shows_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "user", "good", "Good one")
    broken = write(tmp_path / "user", "broken")
    broken.write_text(broken.read_text().replace("hold", "hodl"))
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert "Good one" in out
    assert "did you mean 'hold'?" in out


def test_show_is_a_page_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "user")
    code, out, _ = run(capsys, "show", "arm")
    assert code == 0
    for words in (
        "Arm raise (arm)",
        "Raises an arm.",
        "3 repetitions, each side",
        "You need: a chair",
        "Face the camera. (view: front)",
        "shoulder abduction of the working side: at most 30°",
        "1. Raise your left/right arm (hold 4 s)",
        "shoulder abduction of the working side: 90° ± 15°",
        "trunk lateral flexion outside -15° to 15°, or elbow flexion of the working side above "
        "40° and shoulder abduction of the working side below 20°, for 0.5 s",
        "“Stay upright [bold]now[/bold]”",
        "Stop where it hurts.",
    ):
        assert words in out


def test_show_tells_the_nearest_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "user", "arm-raise")
    code, out, err = run(capsys, "show", "arm-rais")
    assert (code, out) == (2, "")
    assert "did you mean arm-raise?" in err
    assert err.count("\n") == 1


def test_show_of_a_broken_file_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "user")
    path.write_text("id: !!python/name:os.system x\n")
    code, out, err = run(capsys, "show", "arm")
    assert (code, out) == (2, "")
    assert "tags" in err
    assert err.count("\n") == 1


def test_check_counts_and_ends_with_2_on_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path, "good")
    assert run(capsys, "check", good)[:2] == (0, "1 file: 0 errors, 0 warnings\n")
    warned = write(tmp_path, "warned")
    warned.write_text(warned.read_text().replace("outside: [-15, 15]", "above: 300"))
    code, out, _ = run(capsys, "check", good, warned)
    assert code == 0
    assert "warning: faults[0].when.any[0]" in out
    assert out.endswith("2 files: 0 errors, 2 warnings\n")
    bad = write(tmp_path, "bad")
    bad.write_text(bad.read_text().replace("hold: 4", "hold: four\n    hodl: 4"))
    code, out, err = run(capsys, "check", tmp_path, tmp_path / "absent.yaml")
    assert (code, err) == (2, "")
    assert f"{bad}:17:11: error: steps[0].hold: found 'four'; a number is wanted" in out
    assert f"{tmp_path / 'absent.yaml'}: error: there is no such file" in out
    assert out.endswith("4 files: 3 errors, 2 warnings\n")


def test_check_of_a_folder_without_exercises_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "check", tmp_path)
    assert code == 2
    assert "holds no exercise file" in err


def test_check_of_nothing_checks_ones_own_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "user"
    code, _, err = run(capsys, "check")
    assert code == 2
    assert str(own) in err
    assert "name the files to check" in err
    write(own, "mine")
    code, out, _ = run(capsys, "check")
    assert code == 0
    assert out == f"Your own exercises in {own}:\n1 file: 0 errors, 0 warnings\n"


def test_new_writes_a_definition_that_works_and_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "new", "side-lean")
    path = tmp_path / "user" / "side-lean.yaml"
    assert code == 0
    assert str(path) in out
    assert json.loads((tmp_path / "user" / "schema.json").read_text())["title"]
    assert run(capsys, "check", path)[1] == "1 file: 0 errors, 0 warnings\n"
    assert "Side lean" in run(capsys, "list")[1]
    path.write_text("mine")
    code, _, err = run(capsys, "new", "side-lean")
    assert code == 2
    assert "is there already" in err
    assert path.read_text() == "mine"


def test_new_does_not_stand_in_front_of_a_built_in_stretch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "new", "wall-stretch")
    assert (code, out) == (2, "")
    assert "wall-stretch is one of PoseCoach's own stretches; choose another id" in err
    assert not (tmp_path / "user").exists()
    assert run(capsys, "new", "wall-stretch", "--into", tmp_path / "user")[0] == 2
    assert run(capsys, "new", "wall-stretch", "--into", tmp_path / "into")[0] == 0


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["run", "wall-stretch"], True),
        (["run", "upper-back"], True),
        (["run", "cat-cow"], False),
        (["run", "{user}/wall-stretch.yaml"], False),
        (["analyze", "--exercise", "wall-stretch"], True),
        (["analyze", "--exercise", "cat-cow"], False),
    ],
)
def test_an_own_file_in_place_of_a_built_in_one_is_told(
    tmp_path: Path, command: list[str], told: bool
) -> None:
    path = write(tmp_path / "user", "wall-stretch", "Mine")
    source = ["nothing.mp4"] if command[0] == "analyze" else ["--source", "nothing.mp4"]
    words = [word.replace("{user}", str(path.parent)) for word in command]
    done = CliRunner().invoke(cli, [*words, *source, "--data-dir", str(tmp_path / "data")])
    assert isinstance(done.exception, SourceError), done.output
    note = f"wall-stretch is your own, {path}, in place of the built-in one.\n"
    assert done.stderr.count(note) == told
    assert note not in done.stdout


@pytest.mark.parametrize("id_", ["../x", "Side", "a b", ""])
def test_new_refuses_what_is_no_id(
    id_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "new", id_, "--into", tmp_path / "into")
    assert code == 2
    assert "small letters" in err
    assert not (tmp_path / "into").exists()


def test_new_into_what_is_no_folder_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    code, _, err = run(capsys, "new", "side-lean", "--into", tmp_path / "file")
    assert code == 2
    assert "cannot be written" in err


def test_new_on_a_full_disk_leaves_nothing_that_is_there_already(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resource = pytest.importorskip("resource", reason="limits of Unix")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, limits[1]))
    try:
        code, _, err = run(capsys, "new", "side-lean", "--into", tmp_path / "into")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert code == 2
    assert "cannot be written" in err
    assert list((tmp_path / "into").iterdir()) == []
    assert run(capsys, "new", "side-lean", "--into", tmp_path / "into")[0] == 0


def test_schema_goes_to_the_terminal_or_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "schema")
    assert code == 0
    path = tmp_path / "schema.json"
    assert run(capsys, "schema", "--output", path)[:2] == (0, "")
    assert path.read_text(encoding="utf-8") == out
    assert "elbow_flexion_{side}" in json.loads(out)["$defs"]["MeasureName"]["enum"]
    code, _, err = run(capsys, "schema", "--output", tmp_path / "no" / "schema.json")
    assert code == 2
    assert "does not exist" in err


@pytest.mark.parametrize("bad", ["absent", "file"])
def test_a_folder_that_is_none_is_one_sentence(
    bad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    for command in (["list"], ["show", "arm"]):
        code, out, err = run(capsys, *command, "--exercises", tmp_path / bad)
        assert (code, out) == (2, "")
        assert "is not a folder" in err


def test_the_guide_s_example_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guide = (data_dir("exercises") / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    whole = [block for block in blocks if re.search(r"^id: ", block, re.MULTILINE)]
    assert len(whole) == 1
    path = tmp_path / "side-lean.yaml"
    path.write_text(whole[0], encoding="utf-8")
    assert run(capsys, "check", path)[:2] == (0, "1 file: 0 errors, 0 warnings\n")
