"""Count what can be counted of the house's shape, of this checkout or of others.

    python -m tools.counts [CHECKOUT ...]

Prints one table with a column for each checkout (``git worktree add --detach DIR REVISION`` makes
one of an earlier state): modules, lines, arrows between rooms, the longest function, functions of
more than 50 lines, functions of more than six parameters, ``Any`` in signatures, and numbers at
the top of a module of which nothing is said at all.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
LONG, MANY = 50, 6
"""Lines and parameters a function has at most (CONTRIBUTING.md): more nobody sees at one look."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A module of the package, ``room`` "" where it lies in none."""

    path: str
    room: str
    source: str
    tree: ast.Module

    def functions(self) -> Iterator[Function]:
        """All of its functions, methods and inner ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


def modules(checkout: Path) -> list[Module]:
    """Read the package of a checkout."""
    root = checkout / "posecoach"
    found = []
    for path in sorted(root.rglob("*.py")):
        inner = path.relative_to(root)
        source = path.read_text("utf-8")
        room = inner.parts[0] if len(inner.parts) > 1 else ""
        found.append(Module(inner.as_posix(), room, source, ast.parse(source)))
    return found


def arrows(found: list[Module]) -> set[tuple[str, str]]:
    """Which room imports from which."""
    rooms = {each.room for each in found if each.room}
    pairs = set()
    for module in found:
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.ImportFrom) and node.module):
                continue
            names = [f"{node.module}.{each.name}" for each in node.names]
            for name in names:
                package, _, rest = name.partition(".")
                room = rest.partition(".")[0]
                if package == "posecoach" and room in rooms and module.room not in ("", room):
                    pairs.add((module.room, room))
    return pairs


def lines(function: Function) -> int:
    """How many lines it takes, decorators apart."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: Function) -> int:
    """How many it has, ``self`` and ``cls`` apart."""
    given = function.args
    every = (*given.posonlyargs, *given.args, *given.kwonlyargs)
    return sum(each.arg not in ("self", "cls") for each in every)


def anys(function: Function) -> int:
    """How often its signature says ``Any``."""
    given = function.args
    notes = [each.annotation for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    told = [ast.unparse(each) for each in (*notes, function.returns) if each is not None]
    return sum(len(re.findall(r"\bAny\b", each)) for each in told)


def bare(module: Module) -> int:
    """Numbers at its top with no word above, behind or after them."""
    text, count = module.source.splitlines(), 0
    for node, after in zip(module.tree.body, [*module.tree.body[1:], None], strict=False):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not is_number(node.value):
            continue
        told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        above = text[node.lineno - 2].startswith("#") or "#" in text[node.lineno - 1]
        count += not (told or above)
    return count


def is_number(node: ast.expr | None) -> bool:
    """Whether an expression is a number written out, or numbers put together."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ast.UnaryOp(operand=operand):
            return is_number(operand)
        case ast.BinOp(left=left, right=right):
            return is_number(left) and is_number(right)
        case ast.Tuple(elts=elements):
            return bool(elements) and all(map(is_number, elements))
    return False


def counts(checkout: Path) -> dict[str, str]:
    """What the table says of a checkout, by row."""
    found = modules(checkout)
    functions = [
        (lines(each), module.path, each) for module in found for each in module.functions()
    ]
    longest = max(functions, key=lambda each: each[0])
    return {
        "modules": str(len(found)),
        "lines": str(sum(len(each.source.splitlines()) for each in found)),
        "arrows between rooms": str(len(arrows(found))),
        "longest function": f"{longest[0]} ({longest[1]}:{longest[2].name})",
        f"functions over {LONG} lines": str(sum(each[0] > LONG for each in functions)),
        f"functions over {MANY} parameters": str(sum(parameters(f) > MANY for *_, f in functions)),
        "`Any` in signatures": str(sum(anys(f) for *_, f in functions)),
        "bare numbers": str(sum(map(bare, found))),
    }


def table(columns: dict[str, dict[str, str]]) -> str:
    """A Markdown table."""
    rows = [["", *columns], ["---", *("---:" for _ in columns)]]
    for name in next(iter(columns.values())):
        rows.append([name, *(each[name] for each in columns.values())])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Count from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkouts", nargs="*", type=Path, default=[HERE])
    given = parser.parse_args()
    print(table({each.resolve().name: counts(each) for each in given.checkouts}))


if __name__ == "__main__":
    main()
