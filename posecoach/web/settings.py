"""Settings: people and what they prefer, the voice and the camera, what is kept, the machine."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from posecoach.errors import PoseCoachError, ProfileError, StoreError
from posecoach.profile import range_words as words
from posecoach.profile.person import Profile
from posecoach.store.store import Store
from posecoach.web.house import House
from posecoach.web.pages import form, go_to, house_of, page
from posecoach.web.words import day


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [
        Route("/settings", settings),
        Route("/settings/doctor", doctor),
        Route("/people", new_person, methods=["POST"]),
        # Who is meant stands in the query: a name may be ".." or have a "/", which browsers and
        # servers read in a path, however it is written there.
        Route("/people/one", person),
        Route("/people/one", prefer, methods=["POST"]),
        Route("/people/forget", ask_to_forget),
        Route("/people/forget", forget, methods=["POST"]),
    ]


def settings(request: Request) -> Response:
    """All of them."""
    house = house_of(request)
    return page(
        request,
        "settings.html",
        title="Settings",
        people=house.profiles.names(),
        troubles=house.profiles.troubles(),
        who=house.who,
        folder=str(house.folder),
        kept=_kept(house),
        model=house.model or "",
    )


def doctor(request: Request) -> Response:
    """The parts of this machine, tried now; takes some seconds."""
    house = house_of(request)
    found = [] if house.doctor is None else list(house.doctor())
    return JSONResponse([{"well": ok, "what": what, "words": said} for ok, what, said in found])


async def new_person(request: Request) -> Response:
    """Somebody new, who practises from now on."""
    name = (await form(request)).get("name", "")
    if not name:
        raise ProfileError("Write the name of who is new.")
    house_of(request).choose(name)
    return go_to(request, "/settings#people")


def person(request: Request) -> Response:
    """One person: what they prefer, and their ranges."""
    found = _person(request)
    return page(
        request,
        "person.html",
        title=found.name,
        person=found,
        ranges=_ranges(found),
        last=day(found.calibrations[-1].at.astimezone()) if found.calibrations else "",
    )


async def prefer(request: Request) -> Response:
    """Keep what a person prefers."""
    house, found = house_of(request), _person(request)
    voice = {"on": True, "off": False}.get((await form(request)).get("voice", ""))
    house.profiles.save(replace(found, preferences=replace(found.preferences, voice=voice)))
    return go_to(request, "/settings#people")


def ask_to_forget(request: Request) -> Response:
    """Nothing is deleted without being asked."""
    found = _person(request)
    return page(request, "forget_person.html", title="Delete for good?", person=found)


async def forget(request: Request) -> Response:
    """Delete a profile; sessions stay."""
    house, found = house_of(request), _person(request)
    if (await form(request)).get("sure") == "yes":
        house.profiles.delete(found.name)
    return go_to(request, "/settings#people")


def _person(request: Request) -> Profile:
    return house_of(request).profiles.load(request.query_params.get("name", ""))


def _ranges(found: Profile) -> list[dict[str, object]]:
    return [
        {
            "title": motion.title,
            "range": words.with_uncertainty(each),
            "usual": words.compared(motion),
        }
        for motion, each in sorted(found.current().items())
    ]


def _kept(house: House) -> str:
    """How much is kept, in words."""
    try:
        with Store.open(house.folder) as store:
            count = store.count()
            size = store.path.stat().st_size if store.path.exists() else 0
    except (StoreError, OSError) as error:
        return str(error) if isinstance(error, PoseCoachError) else "It cannot be read."
    sessions = "1 session" if count == 1 else f"{count} sessions"
    return f"{sessions}, {size / 1e6:.1f} MB"
