"""The report as a PDF, by fpdf2: pure Python, no system libraries.

WeasyPrint would print the HTML itself, but needs Pango from the system; a browser prints it
as well, and better, but is not everywhere and not to be started in the background. So the same
facts and the same drawings are put on paper here.
"""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path as File
from typing import TYPE_CHECKING

from posecoach.errors import MachineError
from posecoach.report import charts, page, wording
from posecoach.report.drawing import Circle, Drawing, Mark, Path, Rect, Text
from posecoach.report.going import SIZE, going
from posecoach.report.shown import Card, Cell, Shown, Still
from posecoach.report.style import LIGHT, ROLES
from posecoach.shares import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posecoach.report.facts import ExerciseFacts, SessionFacts

MARGIN = 14.0
"""Millimetres of A4 at each edge, more than printers leave white."""
WIDTH = 210.0 - 2 * MARGIN
GAP = 6.0
"""Millimetres between drawings that stand beside each other."""
MM_PER_POINT = 25.4 / 72
"""By definition of the point."""
FONT = "sans"


def report_pdf(facts: SessionFacts) -> bytes:
    """Write a session's report as a PDF (A4).

    Raises:
        MachineError: fpdf2 is not installed.
    """
    paper = _Paper(f"Stretching session, {facts.started.day} {facts.started:%B %Y}")
    _overall(paper, facts)
    for exercise in facts.exercises:
        _exercise(paper, exercise)
    paper.space(6)
    paper.text(f"{wording.STOP} {wording.NOT_A_DIAGNOSIS}", size=8, colour="quiet")
    return paper.finish()


def _overall(paper: _Paper, facts: SessionFacts) -> None:
    paper.text(
        f"Your session on {facts.started:%A,} {facts.started.day} {facts.started:%B %Y, %H:%M}",
        size=15,
        bold=True,
    )
    about = [f"Session {facts.number}", facts.profile, wording.seconds(facts.duration_s)]
    paper.text(" · ".join(each for each in [*about, facts.source] if each), colour="quiet")
    for note in page.session_notes(facts):
        paper.text(note, colour="fault")
    paper.heading("Overall accuracy")
    paper.text(percent(facts.accuracy), 26, bold=True)
    if facts.accuracy is not None:
        paper.meter(facts.accuracy)
    paper.text(facts.meaning, bold=True)
    for each in facts.compared:
        paper.text(each)
    paper.text(wording.ACCURACY_MEANS, size=8, colour="quiet")
    paper.cards(page.cards(facts))
    paper.heading("What to work on next")
    for number, advice in enumerate(facts.advice, 1):
        paper.text(f"{number}. {advice.about} ({advice.exercise})", bold=True)
        paper.text(advice.words)
        paper.space(1.5)
    if not facts.advice:
        paper.text(page.no_advice(facts))
    if facts.proposal:
        paper.text(facts.proposal)
    if facts.exercises:
        paper.heading("All stretches at a glance")
        found = page.glance(facts)
        paper.table(found.head, found.rows, (3, 1.3, 3, 1.3, 1.2, 1))


def _exercise(paper: _Paper, exercise: ExerciseFacts) -> None:
    paper.new_page()
    paper.text(exercise.name, size=16, bold=True)
    paper.text(exercise.purpose, colour="quiet")
    for note in exercise.notes:
        paper.text(note, colour="fault")
    paper.cards(page.exercise_cards(exercise))
    pictures = page.pictures_shown(exercise)
    if pictures:
        paper.heading("Best and least good moment", room=85.0)
        paper.drawings(pictures, columns=3)
    _going(paper, exercise)
    _faults(paper, exercise)
    _reached_and_held(paper, exercise)
    _over_time(paper, exercise)
    paper.heading("What the camera could see")
    for each in exercise.visibility.tips:
        paper.text(f"• {each}")
    if not exercise.visibility.tips:
        paper.text("You were seen well: everything needed was in the picture.")


def _going(paper: _Paper, exercise: ExerciseFacts) -> None:
    """The key moments: paper does not move."""
    found = going(exercise)
    if found is None:
        return
    paper.heading("How it goes", room=55.0)
    paper.stills(found.stills, columns=4)
    paper.drawings(found.drawings, columns=4)


def _faults(paper: _Paper, exercise: ExerciseFacts) -> None:
    paper.heading("Form faults")
    rows = page.fault_rows(exercise)
    if rows:
        paper.table(("What", "When", "How long", "Correction"), rows, (3, 1.6, 1, 3.6))
    else:
        paper.text("No form fault was found.")
    paper.heading("Compared with the last sessions")
    for each in exercise.compared:
        paper.text(f"• {each}")


def _reached_and_held(paper: _Paper, exercise: ExerciseFacts) -> None:
    beside: list[Shown] = []
    if exercise.reaches:
        note = (
            "Bar: uncertainty. Green: asked for. Dotted: usual in adults. Lozenge: your own range."
        )
        beside.append(Shown("How far you came", charts.reach_chart(exercise.reaches), note))
    if any(hold.wanted_s for hold in exercise.holds):
        note = "Filled: in pose. Outline: in position, out of pose. Green: enough."
        beside.append(Shown("Hold times", charts.hold_chart(exercise.holds), note))
    paper.space(3)
    paper.drawings(beside, columns=2)
    for each in [*page.own_sentences(exercise), *page.side_sentences(exercise)]:
        paper.text(each)


def _over_time(paper: _Paper, exercise: ExerciseFacts) -> None:
    tracks = page.tracks_shown(exercise)
    if tracks:
        paper.heading("Angles over time", room=75.0)
        shown = [Shown(f"{each.title} ± {each.error}", each.drawing, each.note) for each in tracks]
        paper.drawings(shown, columns=2)
    small = page.repetitions(exercise)
    if small:
        title = "Circle by circle" if exercise.circular else "Repetition by repetition"
        paper.heading(title, room=55.0)
        paper.drawings([Shown("", each, "") for each in small], columns=4)


class _Paper:
    """A4 pages filled from the top; what does not fit goes onto the next."""

    def __init__(self, title: str) -> None:
        try:
            from fpdf import FPDF
        except ModuleNotFoundError:
            raise MachineError(
                "A PDF needs the Python package fpdf2: install it with `pip install "
                "'posecoach[pdf]'`, or write --format html and print it from a browser."
            ) from None
        self._pdf = FPDF(unit="mm", format="A4")
        self._pdf.set_margin(MARGIN)
        self._pdf.set_auto_page_break(True, MARGIN)
        self._pdf.set_title(title)
        self._pdf.set_lang("en")
        self._unicode = self._add_font()
        self._pdf.add_page()

    def _add_font(self) -> bool:
        """DejaVu Sans, which comes with a library MediaPipe needs; else PDF's own font."""
        found = find_spec("matplotlib")
        folder = (
            File(found.origin).parent / "mpl-data/fonts/ttf" if found and found.origin else None
        )
        if folder is None or not (folder / "DejaVuSans-Bold.ttf").is_file():
            return False
        self._pdf.add_font(FONT, "", folder / "DejaVuSans.ttf")
        self._pdf.add_font(FONT, "B", folder / "DejaVuSans-Bold.ttf")
        return True

    def _font(self, size: float, bold: bool, colour: str) -> None:
        self._pdf.set_font(FONT if self._unicode else "helvetica", "B" if bold else "", size)
        self._pdf.set_text_color(*_rgb(colour))

    def _plain(self, text: str) -> str:
        if self._unicode:
            return text
        for mark, instead in (("−", "-"), ("–", "-"), ("“", '"'), ("”", '"'), ("…", "...")):
            text = text.replace(mark, instead)
        return text.encode("latin-1", "replace").decode("latin-1")

    def finish(self) -> bytes:
        return bytes(self._pdf.output())

    def new_page(self) -> None:
        self._pdf.add_page()

    def space(self, height: float) -> None:
        self._pdf.ln(height)

    def heading(self, text: str, room: float = 35.0) -> None:
        if self._pdf.y > 297 - MARGIN - room:
            self.new_page()
        self.space(4)
        self.text(text, size=11.5, bold=True)
        self.space(0.8)

    def text(
        self, text: str, size: float = 9.5, *, bold: bool = False, colour: str = "text"
    ) -> None:
        self._font(size, bold, colour)
        self._pdf.set_x(MARGIN)
        self._pdf.multi_cell(
            WIDTH, size * 0.48, self._plain(text), align="L", new_x="LMARGIN", new_y="NEXT"
        )

    def meter(self, share: float) -> None:
        y = self._pdf.y + 1
        self._ink("out")
        self._pdf.set_dash_pattern()
        self._pdf.rect(MARGIN, y, 90, 3.2)
        self._pdf.set_fill_color(*_rgb("good"))
        self._pdf.rect(MARGIN, y, 90 * share, 3.2, style="F")
        self._pdf.set_y(y + 5)

    def cards(self, found: Sequence[Card]) -> None:
        self.space(3)
        width = (WIDTH - 3 * (len(found) - 1)) / len(found)
        top = self._pdf.y
        lowest = top
        for index, card in enumerate(found):
            x = MARGIN + index * (width + 3)
            self._pdf.set_xy(x + 2, top + 1.5)
            for words, size, bold, colour in (
                (card.name, 8.0, False, "quiet"),
                (card.value, 12.5, True, "text"),
                (card.note, 7.5, False, "quiet"),
            ):
                self._font(size, bold, colour)
                self._pdf.set_x(x + 2)
                self._pdf.multi_cell(
                    width - 4, size * 0.48, self._plain(words), align="L", new_y="NEXT"
                )
            lowest = max(lowest, self._pdf.y)
        self._ink("axis")
        for index in range(len(found)):
            self._pdf.rect(MARGIN + index * (width + 3), top, width, lowest - top + 1.5)
        self._pdf.set_y(lowest + 3)

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float]
    ) -> None:
        self._font(8.5, False, "text")
        self._pdf.set_draw_color(*_rgb("edge"))
        self._pdf.set_line_width(0.2)
        self._pdf.set_dash_pattern()
        self._pdf.set_fill_color(255)
        with self._pdf.table(
            width=WIDTH,
            col_widths=tuple(widths),
            text_align="L",
            line_height=4.6,
            borders_layout="HORIZONTAL_LINES",
            padding=(0.6, 1, 0.6, 0),
        ) as table:
            for row in (head, *rows):
                cells = table.row()
                for value in row:
                    cells.cell(self._plain(str(value)))

    def drawings(self, found: Sequence[Shown], columns: int) -> None:
        """Put drawings side by side, each with a title above and a note below."""
        width = (WIDTH - GAP * (columns - 1)) / columns
        for first in range(0, len(found), columns):
            row = found[first : first + columns]
            tall = max(each.drawing.height / each.drawing.width * width for each in row)
            words = 5.0 * any(each.title for each in row) + 10.0 * any(each.words for each in row)
            if self._pdf.y + tall + words > 297 - MARGIN:
                self.new_page()
            top, lowest = self._pdf.y, self._pdf.y
            for index, shown in enumerate(row):
                x = MARGIN + index * (width + GAP)
                lowest = max(lowest, self._shown(shown, x, top, width))
            self._pdf.set_y(lowest + 3)

    def stills(self, found: Sequence[Still], columns: int) -> None:
        """Put pictures side by side, each with its title below."""
        width = (WIDTH - GAP * (columns - 1)) / columns
        top, lowest = self._pdf.y, self._pdf.y
        for index, still in enumerate(found[:columns]):
            x = MARGIN + index * (width + GAP)
            self._pdf.image(BytesIO(still.jpeg), x, top, w=width, alt_text=still.title)
            self._font(7.5, False, "quiet")
            tall = width * SIZE[1] / SIZE[0]
            lowest = max(lowest, self._below(still.title, x, top + tall, width, 3.6))
        self._pdf.set_y(lowest)

    def _shown(self, shown: Shown, x: float, y: float, width: float) -> float:
        """Put one drawing with its words; where it ends."""
        if shown.title:
            self._font(8.5, True, "text")
            y = self._below(shown.title, x, y, width, 4.2)
        self._draw(shown.drawing, x, y, width / shown.drawing.width)
        y += shown.drawing.height / shown.drawing.width * width
        if shown.words:
            self._font(7.5, False, "quiet")
            y = self._below(shown.words, x, y, width, 3.6)
        return y

    def _below(self, words: str, x: float, y: float, width: float, line: float) -> float:
        """Write words into a column; where they end."""
        self._pdf.set_xy(x, y)
        self._pdf.multi_cell(width, line, self._plain(words), align="L", new_y="NEXT")
        return float(self._pdf.y)

    # -- drawings ---------------------------------------------------------------------------

    def _draw(self, drawing: Drawing, x: float, y: float, scale: float) -> None:
        breaks = self._pdf.auto_page_break
        self._pdf.set_auto_page_break(False)
        for mark in drawing.marks:
            self._mark(mark, x, y, scale)
        self._pdf.set_dash_pattern()
        self._pdf.set_auto_page_break(breaks, MARGIN)

    def _mark(self, mark: Mark, x: float, y: float, scale: float) -> None:
        ink = ROLES[mark.role]
        if isinstance(mark, Text):
            self._font(mark.size * scale / MM_PER_POINT, ink.bold, ink.fill or "text")
            text = self._plain(mark.text)
            wide = self._pdf.get_string_width(text)
            shift = {"start": 0.0, "middle": wide / 2, "end": wide}[mark.anchor]
            self._pdf.text(x + mark.x * scale - shift, y + mark.y * scale, text)
            return
        self._ink(mark.role, scale)
        style = ("D" if ink.stroke else "") + ("F" if ink.fill else "")
        with self._pdf.local_context(fill_opacity=ink.opacity):
            if isinstance(mark, Rect):
                if mark.width > 0 and mark.height > 0:
                    self._pdf.rect(
                        x + mark.x * scale,
                        y + mark.y * scale,
                        mark.width * scale,
                        mark.height * scale,
                        style=style,
                    )
                return
            points = [(x + px * scale, y + py * scale) for px, py in _outline(mark)]
            closed = isinstance(mark, Circle) or mark.closed
            if closed:
                hollow = isinstance(mark, Circle) and mark.hollow
                self._pdf.polygon(points, style="D" if hollow else style)
            else:
                self._pdf.polyline(points, style="D")

    def _ink(self, role: str, scale: float = 0.35) -> None:
        ink = ROLES[role]
        if ink.stroke:
            self._pdf.set_draw_color(*_rgb(ink.stroke))
            self._pdf.set_line_width(max(ink.width * scale, 0.1))
        if ink.fill:
            self._pdf.set_fill_color(*_rgb(ink.fill))
        if ink.dash:
            self._pdf.set_dash_pattern(dash=ink.dash[0] * scale, gap=ink.dash[1] * scale)
        else:
            self._pdf.set_dash_pattern()


def _outline(mark: Path | Circle) -> Sequence[tuple[float, float]]:
    if isinstance(mark, Path):
        return mark.points
    (x, y), r = mark.centre, mark.radius
    return [
        (x + r * cos(2 * pi * turn / 24), y + r * sin(2 * pi * turn / 24)) for turn in range(24)
    ]


def _rgb(name: str) -> tuple[int, int, int]:
    text = LIGHT[name]
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
