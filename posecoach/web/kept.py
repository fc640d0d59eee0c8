"""What was kept: reports, the history, two sessions side by side, and forgetting."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from posecoach.errors import PoseCoachError, StoreError
from posecoach.report.facts import SessionFacts
from posecoach.report.gather import gather
from posecoach.report.written import report_bytes
from posecoach.shares import percent
from posecoach.store.store import Store
from posecoach.store.values import SessionRow
from posecoach.web.pages import form, go_to, house_of, page
from posecoach.web.words import day

KINDS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}

MOST = 500
"""Sessions in the list; older ones are in the history."""


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [
        Route("/sessions", sessions),
        Route("/history", history),
        Route("/history/page", history_alone),
        Route("/compare", compare),
        Route("/sessions/{number:int}", session),
        Route("/sessions/{number:int}/report", report_alone),
        Route("/sessions/{number:int}/report.{kind}", download),
        Route("/sessions/{number:int}/forget", ask_to_forget),
        Route("/sessions/{number:int}/forget", forget, methods=["POST"]),
    ]


def sessions(request: Request) -> Response:
    """All sessions, the newest first."""
    house = house_of(request)
    with Store.open(house.folder) as store:
        rows = store.sessions(limit=MOST)
    return page(request, "sessions.html", title="Reports", rows=[_row(each) for each in rows])


def session(request: Request) -> Response:
    """One session's report, with what can be done with it."""
    row = _found(request)
    return page(
        request, "session.html", title=f"Session {row.number}", row=_row(row), kinds=list(KINDS)
    )


def report_alone(request: Request) -> Response:
    """The report itself, as it is downloaded, for the frame it is shown in."""
    try:
        return _framed(report_bytes(_facts(request), "html").decode())
    except PoseCoachError as error:
        return _told_in_frame(request, error)


def download(request: Request) -> Response:
    """The report as a file."""
    kind = request.path_params["kind"]
    if kind not in KINDS:
        return Response(status_code=404)
    facts = _facts(request)
    name = f"posecoach-session-{facts.number}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(report_bytes(facts, kind), media_type=KINDS[kind], headers=headers)


def ask_to_forget(request: Request) -> Response:
    """Nothing is deleted without being asked."""
    return page(request, "forget.html", title="Delete for good?", row=_row(_found(request)))


async def forget(request: Request) -> Response:
    """Delete a session so that nothing of it is left."""
    from posecoach.store.forget import forget as forget_sessions

    row = _found(request)
    given = await form(request)
    if given.get("sure") != "yes":
        return go_to(request, f"/sessions/{row.number}/forget")
    forget_sessions(house_of(request).folder, [row.number])
    return go_to(request, "/sessions")


def history(request: Request) -> Response:
    """Practice over the weeks."""
    house = house_of(request)
    with Store.open(house.folder) as store:
        practised = bool(store.sessions(profile=house.who or None, limit=1))
    return page(request, "history.html", title="History", who=house.who, practised=practised)


def history_alone(request: Request) -> Response:
    """The history itself, for the frame it is shown in."""
    from posecoach.report.history import gather_history
    from posecoach.report.history_page import history_page

    house = house_of(request)
    today = datetime.now().astimezone().date()
    try:
        with Store.open(house.folder) as store:
            found = gather_history(store, today, profile=house.who or None)
        return _framed(history_page(found))
    except PoseCoachError as error:
        return _told_in_frame(request, error)


def compare(request: Request) -> Response:
    """Two sessions side by side."""
    chosen = request.query_params.getlist("session")[:2]
    if len(set(chosen)) < 2:
        raise StoreError("Choose two sessions to compare.")
    with Store.open(house_of(request).folder) as store:
        both = sorted((gather(store, each) for each in chosen), key=lambda facts: facts.started)
    return page(
        request,
        "compare.html",
        title="Two sessions",
        both=[_heading(each) for each in both],
        rows=_compared(*both),
    )


def _heading(facts: SessionFacts) -> dict[str, object]:
    return {
        "number": facts.number,
        "when": f"{day(facts.started)}, {facts.started:%H:%M}",
        "accuracy": percent(facts.accuracy),
    }


def _compared(one: SessionFacts, other: SessionFacts) -> list[dict[str, object]]:
    """For each stretch of either what both came to, as the report's glance has it."""
    from posecoach.report.page import glance

    tables = [glance(each) for each in (one, other)]
    head = tables[0].head[1:]
    found = [{row[0]: row[1:] for row in table.rows} for table in tables]
    names = list(dict.fromkeys([*found[0], *found[1]]))
    nothing = ("–",) * len(head)
    return [
        {
            "name": name,
            "lines": list(
                zip(head, found[0].get(name, nothing), found[1].get(name, nothing), strict=True)
            ),
        }
        for name in names
    ]


def _found(request: Request) -> SessionRow:
    with Store.open(house_of(request).folder) as store:
        return store.find(str(request.path_params["number"]))


def _facts(request: Request) -> SessionFacts:
    with Store.open(house_of(request).folder) as store:
        return gather(store, str(request.path_params["number"]))


def _row(row: SessionRow) -> dict[str, object]:
    return {
        "number": row.number,
        "when": f"{day(row.started)}, {row.started:%H:%M}",
        "what": ", ".join(dict.fromkeys(e.name for e in row.exercises)) or "nothing begun",
        "who": row.profile,
        "source": row.source,
        "accuracy": percent(row.accuracy),
    }


def _framed(text: str) -> Response:
    """A page that carries its own style sheet: that very sheet is allowed, nothing else."""
    sheets = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    allowed = " ".join(f"'sha256-{_digest(each)}'" for each in sheets)
    policy = (
        f"default-src 'none'; style-src {allowed or chr(39) + 'none' + chr(39)}; img-src data:; "
        "media-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    headers = {"content-security-policy": policy}
    return Response(text, media_type=KINDS["html"], headers=headers)


def _told_in_frame(request: Request, error: PoseCoachError) -> Response:
    """The sentence alone: in a frame the whole site would stand a second time."""
    return page(request, "framed.html", status=400, title="That did not work", words=str(error))


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
