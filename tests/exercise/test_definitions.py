"""Exercise files: read safely, every mistake told with its line, nothing else ever raised."""

from __future__ import annotations

import copy
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posecoach.body.measure import Measure, Reading
from posecoach.errors import ExerciseError
from posecoach.exercise import reading
from posecoach.exercise.check import Checked, check_file, check_text
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import Folder, Library, load, standard_library
from posecoach.exercise.naming import landmark_names, measure_names
from posecoach.exercise.problem import MOST, Problem, field
from posecoach.exercise.reading import UnreadableError, parse
from posecoach.exercise.template import template_text
from tests.helpers.places import AS_ROOT

LEAN = """\
# yaml-language-server: $schema=schema.json
id: lean
name: Side lean
purpose: Loosens the flanks.
posture: [upright]
view: [front]
camera: Face the camera.
safety: [Stop where it hurts.]
sides: each
repetitions: 3
start:
  say: Stand upright
  targets:
    - {measure: trunk_lateral_flexion, at_least: -8, at_most: 8}
    - {measure: "shoulder_abduction_{side}", at_most: 35}
steps:
  - id: raise
    say: Raise your {side} arm
    targets:
      - {measure: "shoulder_abduction_{side}", is: 160, within: 20, weight: 2}
      - measure: "elbow_flexion_{side}"
        at_most: 25
        high: Straighten your {side} elbow
  - id: lean
    say: Lean to the {other} side
    hold: 5
    keep: [raise]
    targets:
      - {measure: trunk_lateral_flexion, towards: "{other}", at_least: 15, of_range: 0.8,
         floor: 10, limit: 40}
      - {angle: {a: left_hip, vertex: left_knee, b: left_ankle}, at_least: 150}
faults:
  - id: elbow bends
    during: [raise, lean]
    when: {measure: "elbow_flexion_{side}", above: 35}
    lasting: 1.0
    cue: Straighten your {side} elbow
  - id: turning
    when:
      any:
        - {measure: trunk_turn, outside: [-20, 20]}
        - all:
            - {measure: "shoulder_abduction_{other}", above: 60}
            - {measure: trunk_turn, outside: [-10, 10]}
    cue: {low: Turn back left, high: Turn back right}
source: invented for the tests
"""


def _measure(name: str, *, sided: bool, lateral: bool, zero_from: str = "anatomy") -> Measure:
    return Measure(
        name=name,
        title=name.replace("_", " "),
        zero="neutral",
        positive="more",
        sided=sided,
        lateral=lateral,
        plane="any",
        views=("left", "right") if name.startswith(("hip", "knee")) else ("front", "back"),
        landmarks=(),
        zero_from=zero_from,  # type: ignore[arg-type]
        needs_mask=False,
        error_deg=3.0,
        source="",
        estimate=lambda *_: Reading(np.array(0.0), np.array(0.0)),
    )


CATALOGUE = {
    each.name: each
    for each in (
        _measure("elbow_flexion", sided=True, lateral=False),
        _measure("shoulder_abduction", sided=True, lateral=False),
        _measure("hip_flexion", sided=True, lateral=False),
        _measure("knee_flexion", sided=True, lateral=False),
        _measure("trunk_lateral_flexion", sided=False, lateral=True),
        _measure("trunk_turn", sided=False, lateral=True, zero_from="neutral"),
        _measure("trunk_inclination", sided=False, lateral=False),
    )
}


def check(text: str) -> Checked:
    return check_text(text, "lean.yaml", expected_id="lean", catalogue=CATALOGUE)


def changed(old: str, new: str) -> str:
    assert LEAN.count(old) == 1, old
    return LEAN.replace(old, new)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def only(problems: tuple[Problem, ...]) -> Problem:
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def test_a_right_definition_has_no_problems() -> None:
    checked = check(LEAN)
    assert checked.problems == ()
    assert checked.exercise is not None
    assert checked.exercise.steps[1].hold == 5
    assert checked.exercise.steps[0].targets[0].is_ == 160
    assert checked.exercise.steps[1].targets[0].towards == "{other}"


# Reading


@pytest.fixture(params=sorted({yaml.SafeLoader, reading._Parser}, key=lambda each: each.__name__))
def parser(request: pytest.FixtureRequest) -> type:
    """Both of PyYAML's parsers: libyaml's is used where PyYAML was built with it."""
    assert isinstance(request.param, type)
    return request.param


def test_scalars_are_those_of_yaml_1_2(parser: type) -> None:
    text = (
        "words: [no, off, yes, on, y, 1:30, 2024-01-01, 0x1F, 1_000, '12']\n"
        'quoted: ["true", 1 2]\n'
        "numbers: [3, -4, 010, 2.5, .5, 5., 1e2, +7]\n"
        "truths: [true, False]\n"
        "block: |\n  two\n  lines\n"
    )
    document = parse(text, parser)
    assert document.flaws == ()
    assert document.data == {
        "words": ["no", "off", "yes", "on", "y", "1:30", "2024-01-01", "0x1F", "1_000", "12"],
        "quoted": ["true", "1 2"],
        "numbers": [3, -4, 10, 2.5, 0.5, 5.0, 100.0, 7],
        "truths": [True, False],
        "block": "two\nlines\n",
    }


def test_places_are_those_an_editor_shows(parser: type) -> None:
    document = parse("a: 1\r\nb:\r\n  - c: {d: 2}\r\n", parser)
    assert document.place(("b",), key=True) == (2, 1)
    assert document.place(("b", 0, "c", "d"), key=True) == (3, 9)
    assert document.place(("b", 0, "c", "d")) == (3, 12)
    assert document.place(("b", 0, "c", "missing", "deeper")) == (3, 8)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 0, "empty"),
        ("# only a comment\n", 0, "empty"),
        ("a: !!python/object/apply:os.system [id]", 1, "tags"),
        ("a: !!str 1", 1, "tags"),
        ("! a: 1", 1, "tags"),
        ("a: 1\nb: &x [1]\nc: *x", 2, "anchors"),
        ("a: *x", 1, "aliases"),
        ("a: 1\n<<: {b: 2}", 2, "merge keys"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("a:\n\tb: 1", 2, "tab"),
        ("a: 'x\ty'", 1, "tab"),
        ("a: \x00", 1, "control character"),
        ("a: 1\nb: \x1b[31m", 2, "control character"),
        ("? [a]\n: 1", 1, "plain word"),
        ("[" * 31, 1, "30 levels"),
        ("{a: " * 31, 1, "30 levels"),
        ("- " * 31 + "a", 1, "30 levels"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str, line: int, says: str, parser: type) -> None:
    with pytest.raises(UnreadableError, match=re.escape(says)) as caught:
        parse(text, parser)
    assert caught.value.line == line


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_any_depth_is_refused_whoever_notices_first(opening: str, depth: int, parser: type) -> None:
    """We count 30 levels; a parser may have a limit of its own, in whatever words."""
    with pytest.raises(UnreadableError):
        parse(opening * depth, parser)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: b: c", {1}),
        ("a: 1\n  b: 2", {2}),
        # The two parsers notice an open bracket at different ends of the last line.
        ("a: [1, 2", {1, 2}),
        ("a: 'x", {1}),
        ("a: @x", {1}),
        ("a: - b", {1}),
    ],
)
def test_what_is_no_yaml_at_all_is_told_with_its_line(
    text: str, lines: set[int], parser: type
) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(text, parser)
    assert caught.value.line in lines
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        ("mapping values are not allowed in this context", "colon"),
        ("did not find expected ',' or ']'", "bracket"),
        ("found unexpected end of stream", "quote"),
        ("found character that cannot start any token", "quotes"),
        ("block sequence entries are not allowed in this context", "line of its own"),
        ("exceeded maximum nesting depth", "30 levels"),
        ("something that no parser says today", "something that no parser says today"),
    ],
)
def test_what_a_parser_says_is_put_into_plain_words(problem: str, says: str) -> None:
    class Complaining(yaml.SafeLoader):
        def check_event(self, *choices: object) -> bool:
            raise yaml.MarkedYAMLError(None, None, problem, yaml.Mark("", 0, 0, 0, None, None))

    with pytest.raises(UnreadableError, match=re.escape(says)) as caught:
        parse("a: 1", Complaining)
    assert caught.value.line == 1


def test_a_bomb_of_aliases_is_refused_before_it_grows(parser: type) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
    )
    with pytest.raises(UnreadableError, match="anchors"):
        parse(bomb, parser)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (".nan", "give a number"),
        ("-.inf", "give a number"),
        ("1e999", "too large"),
        ("9" * 5000, "too large"),
        ("", "no value"),
        ("~", "no value"),
        ("null", "no value"),
        ('"a\\0b"', "control character"),
        ('"\\e[2J"', "control character"),
    ],
)
def test_values_that_are_none_are_told_with_their_line(value: str, says: str) -> None:
    problem = only(check(changed("purpose: Loosens the flanks.", f"purpose: {value}")).problems)
    assert (problem.line, problem.field) == (4, "purpose")
    assert says in problem.message


def test_a_key_given_twice_is_told_with_both_lines() -> None:
    text = changed("    hold: 5\n", "    hold: 5\n    hold: 7\n")
    problem = only(check(text).problems)
    assert problem.field == "steps[1].hold"
    assert problem.line == line_of(text, "    hold: 7")
    assert f"line {line_of(text, '    hold: 5')}" in problem.message


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xff\xfei\x00d\x00", "UTF-8"),
        (b"id: lean\nname: \xe9t\xe9\n", "UTF-8"),
        (b"# " + b"x" * reading.LARGEST_BYTES, "larger than 256 KB"),
        (b"", "empty"),
    ],
)
def test_files_that_are_no_text_are_refused(tmp_path: Path, raw: bytes, says: str) -> None:
    path = tmp_path / "lean.yaml"
    path.write_bytes(raw)
    assert says in only(check_file(path, CATALOGUE).problems).message


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "lean.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + LEAN.replace("\n", "\r\n").encode())
    assert check_file(path, CATALOGUE).problems == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_paths_that_are_no_files_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "circle.yaml").symlink_to(tmp_path / "circle.yaml")
    for path, says in (
        (tmp_path / "pipe.yaml", "device or pipe"),
        (Path("/dev/zero"), "device or pipe"),
        (tmp_path / "folder.yaml", "folder"),
        (tmp_path / "circle.yaml", "cannot be opened"),
        (tmp_path / "absent.yaml", "no such file"),
        (tmp_path / "a\0b.yaml", "cannot be opened"),
        (tmp_path / ("x" * 5000), "cannot be opened"),
    ):
        assert says in only(check_file(path, CATALOGUE).problems).message


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_a_file_one_may_not_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lean.yaml"
    path.write_text(LEAN)
    path.chmod(0)
    assert "permissions" in only(check_file(path, CATALOGUE).problems).message


# Each kind of mistake, with its line


@pytest.mark.parametrize(
    ("old", "new", "field_", "says"),
    [
        # the schema's
        ("purpose: Loosens the flanks.\n", "", "purpose", "is missing"),
        ("name: Side lean", "name: 12", "name", "put quotes around it"),
        ("name: Side lean", "name: [a]", "name", "found a list; a text is wanted"),
        ("posture: [upright]", "posture: [uprigt]", "posture[0]", "did you mean 'upright'?"),
        ("posture: [upright]", "posture: [standing]", "posture[0]", "here this is called upright"),
        ("posture: [upright]", "posture: upright", "posture", "write a list: [upright]"),
        ("posture: [upright]", "posture: []", "posture", "at least one"),
        ("posture: [upright]", "posture: [unknown]", "posture[0]", "name one"),
        ("sides: each", "sides: both", "sides", "here this is called each"),
        ("repetitions: 3", "repetitions: 2.5", "repetitions", "a whole number is wanted"),
        ("repetitions: 3", "repetitions: 0", "repetitions", "at least 1 is allowed"),
        ("repetitions: 3", "repetitions: true", "repetitions", "found true"),
        ("repetitions: 3", "repetitions: '3'", "repetitions", "leave out the quotes: 3"),
        ("hold: 5", "hold: 5 s", "steps[1].hold", "write the number alone, 5"),
        ("hold: 5", "hold: 2,5", "steps[1].hold", "with a point: 2.5"),
        ("hold: 5", "hold: -5", "steps[1].hold", "at least 0"),
        ("hold: 5", "hold: 7200", "steps[1].hold", "at most 3600"),
        ("hold: 5", "optional: yes", "steps[1].optional", "write true"),
        ("hold: 5", "holt: 5", "steps[1].holt", "did you mean 'hold'?"),
        ("hold: 5", "xyzzy: 5", "steps[1].xyzzy", "allowed: id, say, hold"),
        (", weight: 2", ", weight: 0", "steps[0].targets[0].weight", "more than 0"),
        (", within: 20", "", "steps[0].targets[0]", "'is' needs 'within'"),
        ("at_least: 150", "low: x", "steps[1].targets[1]", "'at_least'"),
        ("id: elbow bends", "id: Elbow bends", "faults[0].id", "for example 'elbow-bends'"),
        ("say: Stand upright", "say: ''", "start.say", "write something"),
        ("above: 35", "above: 35, below: 3", "faults[0].when", "give one of 'above', 'below'"),
        ("above: 35", "abov: 35", "faults[0].when.abov", "did you mean 'above'?"),
        ("outside: [-20, 20]", "outside: [-20]", "faults[1].when.any[0].outside[1]", "[lowest"),
        ("outside: [-20, 20]", "outside: [20, -20]", "faults[1].when.any[0]", "must be smaller"),
        (
            "outside: [-10, 10]",
            "outside: [-10, 10, 20]",
            "faults[1].when.any[1].all[1].outside",
            "at most 2",
        ),
        ("cue: {low: Turn back left, high: Turn back right}", "cue: {low: x}",
         "faults[1].cue.high", "is missing"),
        ("lasting: 1.0", "lasting: 0", "faults[0].lasting", "at least 0.1"),
        ("{angle: {a: left_hip, vertex: left_knee, b: left_ankle}", "{angle: left_knee",
         "steps[1].targets[1].angle", "fields are wanted here (a, vertex or b)"),
        # what the names mean
        ("id: lean\nname", "id: leaning\nname", "id", "called 'lean'"),
        ("elbow_flexion_{side}\"\n        at_most", "elbow_flexon_{side}\"\n        at_most",
         "steps[0].targets[1].measure", "did you mean 'elbow_flexion_{side}'?"),
        ("elbow_flexion_{side}\"\n        at_most", "elbow_flexion\"\n        at_most",
         "steps[0].targets[1].measure", "needs a side; write elbow_flexion_{side}"),
        ("{measure: trunk_turn, outside: [-20", "{measure: trunk_turn_left, outside: [-20",
         "faults[1].when.any[0].measure", "write trunk_turn"),
        ("vertex: left_knee", "vertex: near_kne", "steps[1].targets[1].angle.vertex",
         "did you mean 'near_knee'?"),
        ("vertex: left_knee", "vertex: left_kne", "steps[1].targets[1].angle.vertex",
         "did you mean 'left_knee'?"),
        ("towards: \"{other}\"", "towards: othr", "steps[1].targets[0].towards",
         "allowed: {side}, {other}, left or right"),
        ("\"elbow_flexion_{side}\", above", "\"elbow_flexion_{side}\", towards: left, above",
         "faults[0].when.towards", "does not count towards a side"),
        ("\"elbow_flexion_{side}\", above", "\"elbow_flexion_{side}\", minus: hip_flexion, above",
         "faults[0].when.minus", "needs a side"),
        ("say: Raise your {side} arm", "say: Raise your {sid} arm", "steps[0].say",
         "did you mean '{side}'?"),
        ("say: Raise your {side} arm", "say: Raise your {side arm", "steps[0].say", "placeholder"),
        ("name: Side lean", "name: Lean to the {side}", "name", "not filled in here"),
        ("keep: [raise]", "keep: [rase]", "steps[1].keep[0]", "did you mean 'raise'?"),
        ("keep: [raise]", "keep: [lean]", "steps[1].keep[0]", "not itself"),
        ("during: [raise, lean]", "during: [raise, leen]", "faults[0].during[1]",
         "did you mean 'lean'?"),
        ("id: turning", "id: elbow bends ", "faults[1].id", "another fault"),
        # contradictions
        ("limit: 40", "limit: 12", "steps[1].targets[0].limit", "already asks for 15"),
        ("floor: 10, limit: 40", "floor: 50, limit: 40", "steps[1].targets[0].floor",
         "above 'limit'"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_in_its_line(old: str, new: str, field_: str, says: str) -> None:
    text = changed(old, new)
    checked = check(text)
    assert checked.exercise is None
    problem = only(checked.problems)
    assert problem.severity == "error"
    assert problem.field == field_
    assert says in problem.message
    if new:
        lines = range(line_of(text, new), line_of(text, new) + new.count("\n") + 1)
        assert problem.line in lines
    else:
        assert problem.line in (2, line_of(text, "weight: 2}"))


def test_a_later_step_cannot_be_kept() -> None:
    text = changed("    say: Raise your {side} arm\n", "    say: Raise\n    keep: [lean]\n")
    assert "comes later" in check(text).errors[0].message


@pytest.mark.parametrize(
    ("old", "new", "field_", "says"),
    [
        ("at_most: 25", "at_least: 175", "steps[0].targets[1]", "goes from -20 to 165"),
        ("at_least: 150", "at_least: 200", "steps[1].targets[1]", "goes from 0 to 180"),
        ("above: 35", "above: 175", "faults[0].when", "can never happen"),
        ("above: 35", "above: 15", "faults[0].when", "step 'raise' allows elbow_flexion_left"),
        ("outside: [-20, 20]}", "outside: [-20, 20], minus: trunk_inclination}", None, ""),
        (", of_range: 0.8", "", "steps[1].targets[0].floor", "without 'of_range'"),
        ("floor: 10, ", "", "steps[1].targets[0].of_range", "without 'floor'"),
        ("floor: 10", "floor: 20", "steps[1].targets[0].floor", "more than 'at_least'"),
        (", towards: \"{other}\"", "", "steps[1].targets[0]", "add 'towards:"),
        ("\"elbow_flexion_{side}\", above", "elbow_flexion_left, above", "faults[0].when.measure",
         "mirrored"),
        ("\"elbow_flexion_{side}\", above", "\"knee_flexion_{side}\", above",
         "faults[0].when.measure", "cannot be trusted in the view front"),
        ("\"elbow_flexion_{side}\", above", "elbow_flexion_near, above", "faults[0].when.measure",
         "no side is near"),
        ("hold: 5", "lasting: 5", "steps[1].lasting", "write 'hold'"),
    ],
)  # fmt: skip
def test_what_is_hardly_meant_is_a_warning(
    old: str, new: str, field_: str | None, says: str
) -> None:
    text = changed(old, new)
    checked = check(text)
    assert checked.exercise is not None
    if field_ is None:
        assert checked.problems == ()
        return
    found = [each for each in checked.problems if each.field == field_ and says in each.message]
    problem = only(tuple(found))
    assert problem.severity == "warning"
    if new:  # what concerns a whole target is told where the target begins
        assert problem.line in (line_of(text, new), line_of(text, new) - 1)


def test_a_step_like_the_start_pose_is_a_warning() -> None:
    text = LEAN.replace("is: 160, within: 20", "is: 40, within: 20")
    text = text.replace("at_least: -8, at_most: 8}", "at_least: -18, at_most: 18}")
    told = {each.field: each.message for each in check(text).problems}
    assert "start pose" in told["steps[0]"]
    assert "steps[1]" in told
    text = text.replace("at_least: -18, at_most: 18}", "at_least: -8, at_most: 8}")
    assert "steps[1]" not in {each.field for each in check(text).problems}


def test_a_step_counted_from_the_start_pose_is_told_from_it() -> None:
    text = LEAN.replace(
        '"elbow_flexion_{side}"\n        at_most: 25', "trunk_turn\n        at_most: 99"
    )
    text = text.replace("high: Straighten your {side} elbow", "towards: left\n        at_least: 20")
    text = text.replace("is: 160, within: 20", "is: 40, within: 20")
    assert "start pose" not in " ".join(each.message for each in check(text).problems)


def test_two_steps_alike_are_a_warning() -> None:
    text = LEAN.replace(
        "  - id: lean\n",
        "  - id: again\n    say: Again\n    targets:\n"
        '      - {measure: "shoulder_abduction_{side}", is: 150, within: 20}\n'
        "  - id: lean\n",
    )
    problem = only(check(text).problems)
    assert (problem.field, problem.severity) == ("steps[1]", "warning")
    assert "step 'raise'" in problem.message
    assert check(text.replace("is: 150", "is: 100")).problems == ()


def test_a_start_pose_in_which_nobody_is_in_the_posture_is_a_warning() -> None:
    text = changed("posture: [upright]", "posture: [lying, all-fours]")
    text = text.replace("view: [front]", "view: [left]")
    assert "start" not in {each.field for each in check(text).problems}
    upright = "start:\n  say: Stand\n  targets:\n    - {measure: trunk_inclination, at_most: 20}\n"
    begin, rest = text.split("start:\n")
    text = begin + upright + rest.split("  targets:\n", 1)[1]
    told = {each.field: each.message for each in check(text).problems}
    assert "no longer 'lying'" in told["start"]
    assert "start" not in {
        each.field
        for each in check(text.replace("[lying, all-fours]", "[lying, sitting]")).problems
    }


def test_targets_that_contradict_each_other_are_an_error() -> None:
    keep = "keep: [raise]\n    targets:\n"
    lower = '      - {measure: "shoulder_abduction_{side}", at_most: 90}\n'
    text = changed(keep, keep + lower)
    problem = only(check(text).errors)
    assert problem.field == "steps[1]"
    assert "cannot be met together" in problem.message


def test_a_fault_that_only_shares_an_edge_with_a_target_is_no_warning() -> None:
    assert check(changed("above: 35", "above: 25")).problems == ()
    assert check(changed("above: 35", "above: 24")).problems != ()


def test_a_fault_needs_all_its_conditions_to_fire_in_a_correct_pose() -> None:
    both = (
        'when: {all: [{measure: "elbow_flexion_{side}", above: 15}, '
        '{measure: "shoulder_abduction_{side}", below: 100}]}'
    )
    fault = 'when: {measure: "elbow_flexion_{side}", above: 35}'
    assert check(changed(fault, both)).problems == ()
    problem = only(check(changed(fault, both.replace("below: 100", "below: 150"))).problems)
    assert problem.field == "faults[0].when"


def test_towards_turns_the_range_round() -> None:
    lean = 'when: {measure: trunk_lateral_flexion, towards: "{side}", above: 12}'
    fault = 'when: {measure: "elbow_flexion_{side}", above: 35}'
    away = changed(fault, lean).replace("during: [raise, lean]", "during: [lean]")
    assert check(away).problems == ()
    same = away.replace('towards: "{side}", above', 'towards: "{other}", above')
    assert only(check(same).problems).field == "faults[0].when"


def test_without_sides_placeholders_are_for_faults_alone() -> None:
    text = changed("sides: each", "sides: none")
    fields = {each.field for each in check(text).errors}
    assert {"start.targets[1].measure", "steps[0].say", "steps[1].targets[0].towards"} <= fields
    assert not {each for each in fields if each.startswith("faults[0]")}
    # A cue may name the side only where the fault is judged for each side.
    text = text.replace('"elbow_flexion_{side}", above', "elbow_flexion_left, above")
    assert "faults[0].cue" in {each.field for each in check(text).errors}


ROLL = """\
id: lean
name: Roll
purpose: Loosens.
posture: [upright]
view: [front]
camera: Face the camera.
safety: [Stop where it hurts.]
sides: none
repetitions: 1
start: {say: Stand, targets: [{measure: shoulder_abduction_left, at_most: 30}]}
steps:
  - id: forward
    say: Roll
    lasting: 30
    circle:
      up: {measure: "shoulder_abduction_{side}"}
      across: {measure: "elbow_flexion_{side}"}
      direction: forward
      size: 8
faults:
  - id: one side
    when: {all: [{measure: "circle_height_{side}", below: 5}, {measure: circle_shape, below: 0.2}]}
    cue: Roll your {side} shoulder too
source: invented
"""


def test_circles_are_followed_on_both_sides_and_can_be_faulty() -> None:
    assert check(ROLL).problems == ()
    assert "lasting" in only(check(ROLL.replace("    lasting: 30\n", "")).problems).message
    near = only(check(ROLL.replace("circle_height_{side}", "circle_height_near")).errors[:1])
    assert "no side that is near" in near.message
    # Nor are there steps of another kind beside a circle.
    lift = "  - {id: up, say: Up, targets: [{measure: shoulder_abduction_left, at_least: 90}]}\n"
    mixed = only(check(ROLL.replace("faults:\n", lift + "faults:\n")).problems)
    assert (mixed.field, "exercise of its own" in mixed.message) == ("steps[1]", True)
    # Only where there is a circle.
    text = changed('"elbow_flexion_{side}", above', "circle_shape, above")
    assert "unknown measure 'circle_shape'" in only(check(text).problems).message


def test_leaving_a_hold_too_early_is_a_fault_with_a_name_of_its_own() -> None:
    early = 'hold: 5\n    early: {id: came up, cue: "Stay to the {side}"}\n'
    assert check(changed("hold: 5\n", early)).problems == ()
    same = check(changed("hold: 5\n", early.replace("came up", "turning")))
    assert "another fault" in only(same.problems).message
    bare = check(changed("hold: 5\n", early.replace("hold: 5\n    ", "")))
    assert (only(bare.problems).field, only(bare.problems).line) == ("steps[1].early", 26)


def test_every_mistake_is_told_at_once() -> None:
    text = LEAN
    for old, new in (
        ("purpose: Loosens the flanks.\n", ""),
        ("view: [front]", "view: [side, frnt]"),
        ("safety: [Stop where it hurts.]", "safety: []"),
        ("is: 160, within: 20, weight: 2", "is: 160, wieght: 2"),
        ("at_most: 25", "at_mots: 25"),
        ("floor: 10, limit: 40", "floor: ten, limit: 40"),
        ("vertex: left_knee", "vertx: left_knee"),
        ("during: [raise, lean]", "during: [rise, lean]"),
        ("outside: [-20, 20]", "outside: [20, -20]"),
        ("{measure: trunk_turn, outside: [-10", "{measure: trunk_trn, outside: [-10"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    checked = check(text)
    assert [(each.field, each.line) for each in checked.problems] == [
        ("purpose", 2),
        ("view[0]", 5),
        ("view[1]", 5),
        ("safety", 7),
        ("steps[0].targets[0]", 19),
        ("steps[0].targets[0].wieght", 19),
        ("steps[0].targets[1].at_mots", 21),
        ("steps[1].targets[0].floor", 29),
        ("steps[1].targets[1].angle.vertx", 30),
        ("faults[0].during[0]", 33),
        ("faults[1].when.any[0]", 40),
        ("faults[1].when.any[1].all[1].measure", 43),
    ]


def test_a_file_of_nothing_but_mistakes_is_not_told_for_ever() -> None:
    text = LEAN + "".join(f"nonsense{n}: {n}\n" for n in range(9000))
    assert len(text) < reading.LARGEST_BYTES
    checked = check(text)
    assert checked.exercise is None
    assert len(checked.problems) == MOST


# Whatever is written: problems, never another exception

_HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(
        ["{side}", "{", "elbow_flexion_{side}", "left", "lean", "all", "Condition", "<<", "5 s"]
    ),
    st.lists(st.integers(-400, 400), max_size=3),
    st.dictionaries(st.text(max_size=8), st.integers(), max_size=3),
    st.integers(1, 60).map(lambda depth: json.loads("[" * depth + "]" * depth)),
)

_PLAIN = yaml.safe_load(LEAN)


def _ways(node: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for key, value in entries:
        found.append((*way, key))
        if isinstance(value, dict | list):
            found += _ways(value, (*way, key))
    return found


_WAYS = _ways(_PLAIN)
_KEYS = sorted({each for way in _WAYS for each in way if isinstance(each, str)})


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The definition with one to three values dropped, renamed, replaced, moved or doubled."""
    data = copy.deepcopy(_PLAIN)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(_WAYS))
        part = data
        try:
            for step in way:
                part = part[step]
            part[last]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
        if not isinstance(part, dict | list):
            continue
        match draw(st.sampled_from(["drop", "rename", "replace", "wrap", "double", "move"])):
            case "drop":
                del part[last]
            case "rename" if isinstance(part, dict):
                word = draw(st.sampled_from(_KEYS) | st.text(max_size=12))
                part[word] = part.pop(last)
            case "wrap":
                part[last] = draw(st.sampled_from([[part[last]], {"all": [part[last]]}]))
            case "double" if isinstance(part, list):
                part.append(copy.deepcopy(part[last]))
            case "move":
                other = _PLAIN
                for step in draw(st.sampled_from(_WAYS)):
                    other = other[step]
                part[last] = copy.deepcopy(other)
            case _:
                part[last] = draw(_HOSTILE)
    if draw(st.booleans()):
        return json.dumps(data, ensure_ascii=draw(st.booleans()))
    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


def assert_sound(checked: Checked, text: str) -> None:
    """Either usable, or with errors that a person can find and understand."""
    assert (checked.exercise is None) == bool(checked.errors)
    lines = len(re.split("\r\n|\r|\n", text))
    for problem in checked.problems:
        assert 0 <= problem.line <= lines
        assert problem.line > 0 or "empty" in problem.message or "not YAML" in problem.message
        assert str(problem).isprintable()
        assert not re.search(r"pydantic|https?:|Input should|constrained|function-", str(problem))
        assert len(problem.message) < 600


_many = settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@_many
@given(mutated())
def test_mutated_definitions_load_or_are_told(text: str) -> None:
    assert_sound(check(text), text)


@_many
@given(st.data())
def test_texts_with_a_slip_of_the_pen_load_or_are_told(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(LEAN)))
    end = data.draw(st.integers(at, min(at + 12, len(LEAN))))
    typed = data.draw(
        st.text(max_size=6)
        | st.sampled_from(["\t", " ", "\n", ": ", "- ", "{", "}", "[", "]", "'", '"', "&a ", "*a"])
        | st.sampled_from(
            ["!!set ", "---\n", "? ", "|", ">", "%", "@", "#", "\r", "\x85", "\u2028"]
        )
    )
    text = LEAN[:at] + typed + LEAN[end:]
    assert_sound(check(text), text)


@_many
@given(st.binary(max_size=200), st.integers(0, len(LEAN)))
def test_random_bytes_load_or_are_told(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "lean.yaml"
    raw = LEAN.encode()
    for content in (junk, raw[:at] + junk + raw[at:]):
        path.write_bytes(content)
        checked = check_file(path, CATALOGUE)
        assert_sound(checked, content.decode("utf-8", errors="replace"))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="[]{},:-'\"#&*!|>%@?\n ab1", max_size=60))
def test_both_parsers_refuse_junk_in_the_same_manner(text: str) -> None:
    for each in (yaml.SafeLoader, reading._Parser):
        with suppress(UnreadableError):
            assert isinstance(parse(text, each).data, dict | list | str | int | float)


def test_fields_are_written_as_people_do() -> None:
    assert field(("steps", 1, "targets", 0, "at_least")) == "steps[1].targets[0].at_least"


# The library


@pytest.fixture
def folders(tmp_path: Path) -> list[Folder]:
    built_in, yours = tmp_path / "built-in", tmp_path / "yours"
    built_in.mkdir()
    yours.mkdir()
    for folder, ids in ((built_in, ("lean", "sway")), (yours, ("lean", "mine"))):
        for id_ in ids:
            text = LEAN.replace("id: lean\nname: Side lean", f"id: {id_}\nname: {folder.name}")
            (folder / f"{id_}.yaml").write_text(text)
    (built_in / "schema.json").write_text("{}")
    (built_in / "routines").mkdir()
    (built_in / "routines" / "all.yaml").write_text("kind: routine\n")
    return [
        Folder(built_in, "built-in"),
        Folder(yours, "yours"),
        Folder(tmp_path / "absent", "absent"),
    ]


def test_later_folders_stand_in_front(folders: list[Folder]) -> None:
    library = Library(folders, CATALOGUE)
    assert library.ids() == ("lean", "mine", "sway")
    assert library.find("lean").name == "yours"
    assert library.entry("lean").replaces == ("built-in",)
    assert library.find("sway").name == "built-in"


def test_an_unknown_exercise_is_told_with_the_nearest(folders: list[Folder]) -> None:
    with pytest.raises(ExerciseError, match=r"unknown exercise 'leann'; did you mean lean\?"):
        Library(folders, CATALOGUE).find("leann")
    for id_ in ("", "../built-in/lean", "/etc/passwd", "a\0b", "x" * 100_000, "\x1b[2J"):
        with pytest.raises(ExerciseError) as caught:
            Library(folders, CATALOGUE).find(id_)
        assert str(caught.value).isprintable()


def test_a_broken_file_harms_no_other(folders: list[Folder]) -> None:
    (folders[1].path / "mine.yaml").write_text(LEAN.replace("sides: each", "sides: eech"))
    library = Library(folders, CATALOGUE)
    assert library.find("sway").name == "built-in"
    with pytest.raises(ExerciseError, match=r"mine\.yaml:2: id: .*one more mistake"):
        library.find("mine")


def test_listing_and_finding_read_only_what_is_asked_for(
    folders: list[Folder], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def count(path: Path) -> str:
        read.append(path.name)
        return reading.read_text(path)

    monkeypatch.setattr("posecoach.exercise.check.read_text", count)
    library = Library(folders, CATALOGUE)
    library.ids()
    assert read == []
    library.find("mine")
    assert read == ["mine.yaml"]


def test_a_file_can_be_found_by_its_path(folders: list[Folder]) -> None:
    library = Library(folders[:1], CATALOGUE)
    assert library.find(str(folders[1].path / "mine.yaml")).name == "yours"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "absent", tmp_path / "file", tmp_path / "a\0b"):
        with pytest.raises(ExerciseError, match="folder"):
            standard_library([path])


def test_load_tells_the_first_mistake_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "lean.yaml"
    path.write_text(LEAN.replace("hold: 5", "holt: 5").replace("above: 35", "abov: 35"))
    with pytest.raises(ExerciseError) as caught:
        load(path, CATALOGUE)
    sentence = str(caught.value)
    assert f"{path}:{line_of(LEAN, 'hold: 5')}: steps[1].holt: unknown field" in sentence
    assert "one more mistake" in sentence
    assert "\n" not in sentence


# What the repository brings


def test_every_exercise_of_the_repository_is_right() -> None:
    library = standard_library()
    entries = [each for each in library.entries() if each.origin == "built-in"]
    for entry in entries:
        assert check_file(entry.path).errors == ()


def test_the_editor_schema_is_up_to_date() -> None:
    from posecoach.body.catalogue import CATALOGUE as REAL
    from posecoach.data import data_dir
    from posecoach.exercise.editor_schema import editor_schema_text

    written = (data_dir("exercises") / "schema.json").read_text(encoding="utf-8")
    assert written == editor_schema_text(REAL), "run: posecoach exercises schema --output FILE"


def test_the_editor_schema_knows_fields_measures_and_landmarks() -> None:
    from posecoach.exercise.editor_schema import editor_schema

    schema = editor_schema(CATALOGUE)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == set(Exercise.model_fields)
    assert schema["additionalProperties"] is False
    parts = schema["$defs"]
    assert parts["MeasureName"]["enum"] == measure_names(CATALOGUE)
    assert "elbow_flexion_{side}" in parts["MeasureName"]["enum"]
    assert parts["LandmarkName"]["enum"] == landmark_names()
    for part in ("Target", "Quantity"):
        assert parts[part]["properties"]["measure"]["$ref"] == "#/$defs/MeasureName"
    assert parts["Condition"]["properties"]["measure"]["$ref"] == "#/$defs/FaultMeasureName"
    assert "circle_shape" in parts["FaultMeasureName"]["anyOf"][1]["enum"]
    assert "is" in parts["Target"]["properties"]
    assert "unknown" not in schema["properties"]["view"]["items"]["enum"]
    for name, part in {**parts, "Exercise": schema}.items():
        for value in part.get("properties", {}).values():
            described = value.keys() & {"description", "$ref"}
            assert described or name in (
                "LandmarkAngle",
                "CueByDirection",
                "Early",
                "AllOf",
                "AnyOf",
            )


@pytest.mark.parametrize("id_", ["side-lean", "true", "12", "a", "no"])
def test_the_template_has_no_problems(id_: str) -> None:
    checked = check_text(template_text(id_), "x", expected_id=id_, catalogue=CATALOGUE)
    assert checked.problems == ()


@pytest.mark.parametrize("id_", ["", "Ä", "a b", "../x", "-a", "a-", "x" * 61, "a\n"])
def test_the_template_refuses_what_is_no_id(id_: str) -> None:
    with pytest.raises(ExerciseError, match="cannot be the id"):
        template_text(id_)
