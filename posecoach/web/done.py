"""What of a routine was done today, so that one can go on with the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from posecoach.errors import StoreError
from posecoach.store.store import Store
from posecoach.web.house import House


def done_today(house: House, routine: str) -> set[str]:
    """Ids of its exercises that were done today by who practises."""
    today = datetime.now().astimezone().date()
    try:
        with Store.open(house.folder) as store:
            rows = store.sessions(since=today, profile=house.who or None)
    except StoreError:
        return set()  # told on the first page
    return {
        each.exercise
        for row in rows
        if row.options.get("routine") == routine
        for each in row.exercises
        if any(tally.repetitions for tally in each.tallies.values())
    }


def rest_of(ids: Iterable[str], done: set[str]) -> list[str]:
    """What one goes on with; nothing where nothing of it was begun, or all is done."""
    ids = list(ids)
    left = [each for each in ids if each not in done]
    return left if len(left) < len(ids) else []
