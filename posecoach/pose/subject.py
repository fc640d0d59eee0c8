"""Who is being coached, when others walk through the picture.

MediaPipe follows one person and searches the picture only when it has lost them. It takes
whoever it is surest of, and when somebody walks past in front it may leave with them:
either in one leap or gliding from one body to the other while they overlap. ``SubjectKeeper``
wraps an estimator and notices both:

- the first time somebody is seen, it looks once for everybody and takes the largest, most
  central person;
- a body that leaps, changes its size at once, or leaves its usual place makes it look again,
  and what is nearest to the subject in place, size and colour of clothes is the subject;
- where the estimator follows somebody else, it is shown a copy of the picture with all but
  the subject's surroundings blackened, until it follows the subject again;
- where the subject cannot be found, nobody is there: an absent pose, never another
  person's. After ``patience_s`` of that a new subject is chosen;
- whoever has moved with the stretch once (``stretched``) is the subject for good: through a hold,
  however still and long, and for ``LOYAL_S`` out of sight; afterwards, too, they are known again;
- until somebody has, the subject is looked at again where something stirs beside it: who moves
  with the stretch, is larger, nearer the middle, or was coached before takes the place of who
  does not, and of a still picture (``posecoach.pose.bystanders``).

Looking for everybody costs 30-50 ms and happens only then; otherwise this costs some 0.2 ms a
frame.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from posecoach.closing import Closing
from posecoach.pose.bystanders import Known, Stir, Stretch, known, nearest
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose
from posecoach.pose.smoothing import LARGEST, metres_per_pixel

Image = NDArray[np.uint8]


class Estimator(Protocol):
    """Follows one person."""

    def estimate(self, image: Image, time_s: float) -> Pose:
        """Return the person followed, or an absent pose."""


class Crowd(Protocol):
    """Finds everybody in one picture."""

    def estimate_all(self, image: Image, time_s: float) -> Sequence[Pose]:
        """Return every person found."""

    def close(self) -> None:
        """Give back what it holds."""


_TRUNK = np.array(
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, Landmark.LEFT_HIP)
)

STEP_M = 0.15
SPEED_M_S = 2.0
"""Between two frames a trunk moves at most STEP_M + SPEED_M_S * time: walking is 1.4 m/s, sinking
into Child's Pose 1.1 m/s on the truth clips."""
PLACE_M = 0.4
PLACE_SETTLES_S = 5.0
CLEARED_S = 0.3
"""Farther than PLACE_M from where it usually (time constant PLACE_SETTLES_S) is, the subject is
looked at again every CLEARED_S, until the new place is the usual one: a trunk that has gone so far
is a shoulder's breadth away, where another's may be; who moves over for good stays there for longer
than a repetition's way lasts; and nobody trains on unseen for more than some tenths of a second."""
SIZE_RATIO = 1.5
"""One body's size in the picture does not change by more between two frames: who comes nearer at
2 m/s from a metre away grows by a seventh in a fifteenth of a second, a body that is read longer
or shorter by a third is another's."""
SAME_M = 0.25
"""Two finds whose trunks are closer than this are one person found twice: side by side two people's
are a shoulder's breadth apart, 0.4 m."""
ALIKE = 0.4
"""Share of the trunk's colours that must agree to be the same clothes. Between the two people of
the truth clips 0.33 agree in 95 of 100 pairs."""
COLOURS_SETTLE = 0.1
"""Share of the new colours in the remembered ones, once a second: somebody who walks by in front
for a second does not repaint the subject."""
LOYAL_S = 10.0
"""Who has moved with the stretch keeps their place for so long out of sight: to fetch a mat, to
open the door."""
SELDOM_S = 0.25
"""How often such a one is looked for after the first seconds."""
GLANCE_S = 0.5
"""How often everybody is looked for at most while something stirs: who comes in walks less than
``FAR_M`` meanwhile ..."""
GLANCES = 3
"""... and how often again after the last new face, to see whether it moves, for one look
shows no movement."""
FAR_M = 1.2
"""From one look to the next nobody gets farther: half a second of walking, and some."""
BETTER = 1.25
"""By so much another must be worth more to take the subject's place."""
STRETCHES, MOVES, UNSURE, STILL = 1.5, 1.0, 0.8, 0.5
"""What counts a body that moved with the stretch, that moved, that may yet, a still picture: each
is worth ``BETTER`` times the next or more."""
AGAIN = 2.0
"""What somebody counts for who moved with the stretch before and is back: most."""
BLACKENED = 0.05
"""What is blackened of somebody else, likewise: hardly more than the body, for the subject may lie
close beside it."""
AROUND = 0.15
"""What the estimator is shown around the subject, in parts of the body's extent: crown, fingers and
toes lie beyond the landmarks."""


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """What is known of one find: the trunk's centre (x + iy, px), px a metre, its pose."""

    pose: Pose
    centre: complex
    pixels_per_metre: float

    @classmethod
    def of(cls, pose: Pose) -> _Body | None:
        """None where too little is seen to tell."""
        # Python's numbers: of so few, arrays would cost ten times as much.
        trunk = [complex(*place) for place in pose.image[_TRUNK].tolist()]
        pixel = metres_per_pixel(pose.image, pose.world)
        if not (all(abs(place) < LARGEST for place in trunk) and pixel > 0):
            return None
        return cls(pose, sum(trunk) / len(trunk), 1.0 / pixel)

    def metres_from(self, centre: complex) -> float:
        """Distance of the trunk from a place in the picture, at this body's size."""
        return abs(self.centre - centre) / self.pixels_per_metre

    def times_larger(self, pixels_per_metre: float) -> float:
        """1 where equally large, else the ratio of the larger to the smaller."""
        ratio = self.pixels_per_metre / pixels_per_metre
        return max(ratio, 1.0 / ratio)


_SHARES = np.linspace(0.1, 0.9, 12)  # of the way across the trunk: its edges show what is behind
_BANDS = 3  # for chest, belly and hips
_BINS = 64  # for four levels of each of three colours

SIZE_COUNTS, PLACE_COUNTS = 0.5, 0.6
"""What twice the size, and a metre from the usual place, count against a share of the clothes:
about as much as clothes that agree no better than other people's (1 - ``ALIKE``) ..."""
FARTHEST_M = 2.0
"""... and beyond this one is simply elsewhere: more would outweigh any clothes."""


def trunk_colours(image: Image, pose: Pose) -> Floats:
    """(192,) shares of the trunk's colours: chest, belly, hips; four levels a channel.

    Args:
        image: (height, width, 3) uint8.
        pose: a single moment; its shoulders and hips must be seen.
    """
    left_shoulder, right_shoulder, right_hip, left_hip = pose.image[_TRUNK]
    across, down = _SHARES[None, :, None], _SHARES[:, None, None]
    top = left_shoulder + across * (right_shoulder - left_shoulder)
    bottom = left_hip + across * (right_hip - left_hip)
    places = top + down * (bottom - top)
    height, width = image.shape[:2]
    x = np.clip(places[..., 0], 0, width - 1).astype(np.intp)
    y = np.clip(places[..., 1], 0, height - 1).astype(np.intp)
    bins = (image[y, x].astype(np.intp) >> 6) @ (16, 4, 1)
    band = np.arange(len(_SHARES)) * _BANDS // len(_SHARES)
    counts = np.bincount((bins + _BINS * band[:, None]).ravel(), minlength=_BANDS * _BINS)
    shares: Floats = counts / counts.sum()
    return shares


@dataclass(slots=True, eq=False)
class _Subject:
    """What is remembered of the person coached."""

    centre: complex
    pixels_per_metre: float
    place: complex
    colours: Floats
    seen_s: float
    coloured_s: float
    cleared_s: float
    in_doubt: bool = False

    def reaches(self, body: _Body, time_s: float) -> bool:
        """Whether the subject can have come there by now, at one size."""
        since = max(0.0, time_s - self.seen_s)
        return not self.in_doubt and (
            body.metres_from(self.centre) <= STEP_M + SPEED_M_S * since
            and body.times_larger(self.pixels_per_metre) <= SIZE_RATIO
        )

    def continues(self, body: _Body, time_s: float) -> bool:
        """Whether a body is the subject without looking closer."""
        return self.reaches(body, time_s) and (
            body.metres_from(self.place) <= PLACE_M or time_s - self.cleared_s < CLEARED_S
        )

    def dressed_as(self, colours: Floats) -> float:
        """Share of the colours that agree with the subject's, 0..1."""
        return float(np.minimum(colours, self.colours).sum())

    def likeness(self, body: _Body, colours: Floats) -> float:
        """How like the subject a body is: 1 the same clothes, size and place."""
        return (
            self.dressed_as(colours)
            - SIZE_COUNTS * math.log2(body.times_larger(self.pixels_per_metre))
            - PLACE_COUNTS * min(body.metres_from(self.place), FARTHEST_M)
        )

    def follow(self, image: Image, body: _Body, time_s: float) -> None:
        """Remember where the subject is now."""
        since = max(0.0, time_s - self.seen_s)
        self.centre = body.centre
        self.pixels_per_metre = body.pixels_per_metre
        self.place = self.place - math.expm1(-since / PLACE_SETTLES_S) * (body.centre - self.place)
        self.seen_s = time_s
        self.in_doubt = False
        if abs(time_s - self.coloured_s) >= 1.0:
            self.coloured_s = time_s
            now = trunk_colours(image, body.pose)
            self.colours = self.colours + COLOURS_SETTLE * (now - self.colours)


class SubjectKeeper(Closing):
    """An estimator that stays with one person.

    Args:
        estimator: follows one person; not closed by this class.
        crowd: makes what finds everybody, such as ``lambda: PoseEstimator(bundle,
            static=True, num_poses=4)``; called when it is first needed, closed by ``close``.
            None: nobody is looked for, leaps are refused all the same.
        patience_s: how long the subject may be away before another one is chosen.
        look_every_s: while the subject is sought, everybody is looked for this often.
    """

    def __init__(
        self,
        estimator: Estimator,
        crowd: Callable[[], Crowd] | None = None,
        *,
        patience_s: float = 3.0,
        look_every_s: float = 0.06,
    ) -> None:
        self._estimator = estimator
        self._make_crowd = crowd
        self._crowd: Crowd | None = None
        self._patience_s = patience_s
        self._look_every_s = look_every_s
        self._blackened: Image = np.empty((0, 0, 3), np.uint8)
        self.stretch: Stretch | None = None
        """Measures the stretch on a body, where it is known which one is done."""
        self.looks = 0
        self.reset()

    def reset(self) -> None:
        """Forget the subject: whoever is seen next is chosen anew."""
        self._subject: _Subject | None = None
        self._around: tuple[slice, slice] | None = None
        self._steered_s = -math.inf
        self._looked_s = -math.inf
        self._size: tuple[int, ...] = ()
        self._stir = Stir()
        self._known: list[Known] = []
        self._glances = 0
        self._since_s = -math.inf
        self._loyal = False
        self._former: _Subject | None = None
        self.changed = False

    def stretched(self, time_s: float) -> None:
        """The subject has moved with the stretch, as the coach saw it at this moment, seconds."""
        if self._subject is not None and self._since_s <= time_s:
            self._loyal, self._former = True, self._subject

    def close(self) -> None:
        """Give back what finds everybody; more than once does no harm."""
        crowd, self._crowd = self._crowd, None
        if crowd is not None:
            crowd.close()

    def estimate(self, image: Image, time_s: float) -> Pose:
        """Return the subject's pose, or an absent one where the subject is not seen.

        Args:
            image: (height, width, 3) uint8, never mirrored.
            time_s: capture time, seconds.
        """
        if image.shape != self._size:
            self.reset()
            self._size = image.shape
        self.changed = False
        pose = self._estimator.estimate(self._shown(image), time_s)
        body = _Body.of(pose)
        subject = self._subject
        patience = LOYAL_S if self._loyal else self._patience_s
        if subject is not None and not 0 <= time_s - subject.seen_s <= patience:
            # Away too long, or the clock went back: another recording, another take.
            self._around = None
            return self._choose(image, time_s, body, subject)
        if subject is None:
            return self._choose(image, time_s, body, None)
        if body is None:
            if self._around is None:
                return pose
        elif subject.continues(body, time_s):
            return self._another(image, time_s, body, subject) or self._accept(image, time_s, body)
        away = time_s - subject.seen_s > self._patience_s
        if time_s - self._looked_s < (SELDOM_S if away else self._look_every_s):
            return self._nobody(image, time_s)
        return self._seek(image, time_s, body, subject)

    def _choose(
        self, image: Image, time_s: float, body: _Body | None, before: _Subject | None
    ) -> Pose:
        """Take the largest, most central person; one like the last subject rather."""
        if body is None:
            return self._nobody(image, time_s)
        height, width = image.shape[:2]

        def worth(one: _Body) -> float:
            like = 0.0 if before is None else before.likeness(one, self._colours(image, one))
            return _presence(one, width, height) + 0.5 * like

        everybody = self._everybody(image, time_s, body)
        self._note(everybody, time_s)
        return self._install(image, time_s, max(everybody, key=worth), body, before)

    def _install(
        self,
        image: Image,
        time_s: float,
        best: _Body,
        body: _Body | None,
        before: _Subject | None,
    ) -> Pose:
        """Make somebody the subject."""
        dressed = self._colours(image, best)
        self.changed = before is not None and before.dressed_as(dressed) < ALIKE
        former = self._former
        self._loyal = former is not None and former.dressed_as(dressed) >= ALIKE
        self._since_s = time_s
        self._subject = _Subject(
            centre=best.centre,
            pixels_per_metre=best.pixels_per_metre,
            place=best.centre,
            colours=dressed,
            seen_s=time_s,
            coloured_s=time_s,
            cleared_s=-math.inf,
        )
        return self._take(image, time_s, best, body)

    def _another(self, image: Image, time_s: float, body: _Body, subject: _Subject) -> Pose | None:
        """Look for somebody who should rather be coached; None where there is nobody.

        Only until the subject has moved with the stretch, and where something stirs elsewhere.
        """
        if self._loyal or self._make_crowd is None:
            return None
        if self._stir.due(time_s) and self._stir.beside(image, time_s, _surroundings(body.pose)):
            self._glances = GLANCES
        if not self._glances or 0 <= time_s - self._looked_s < GLANCE_S:
            return None
        self._glances -= 1
        everybody = self._everybody(image, time_s, body)
        if self._note(everybody, time_s):
            self._glances = GLANCES
        height, width = image.shape[:2]

        def worth(one: _Body) -> float:
            found = nearest(self._known, one.centre, SAME_M)
            kind = UNSURE
            if found is not None:
                kind = MOVES if found.moved else STILL if found.still else UNSURE
                kind = STRETCHES if found.stretched else kind
            former = self._former
            if former is not None and former.dressed_as(self._colours(image, one)) >= ALIKE:
                kind = AGAIN
            return kind * _presence(one, width, height)

        best = max(everybody, key=worth)
        found = nearest(self._known, best.centre, SAME_M)
        # Who was seen once only may be a phantom of the search.
        if best is body or found is None or found.looks < 2 or not found.settled:
            return None
        if worth(best) < BETTER * worth(body):
            return None
        seen = self._install(image, time_s, best, body, subject)
        self.changed = True  # both are in the picture, whatever they wear
        return seen

    def _note(self, everybody: Sequence[_Body], time_s: float) -> bool:
        """Keep what is known of each from look to look; tells whether there is a new face."""
        self._known = [each for each in self._known if 0 <= time_s - each.last_s < LOYAL_S]
        new = False
        for one in everybody:
            scale = one.pixels_per_metre
            found = nearest(
                [each for each in self._known if each.last_s < time_s], one.centre, FAR_M
            )
            if found is None:
                found = known(one.pose, one.centre, scale, time_s)
                self._known.append(found)
                new = True
            else:
                found.see(one.pose, one.centre, scale, time_s)
            if self.stretch is not None:
                found.measure(self.stretch(one.pose))
        return new

    def _seek(self, image: Image, time_s: float, body: _Body | None, subject: _Subject) -> Pose:
        """Look for the subject among everybody; whoever the estimator has may be another.

        A single body that came here step by step is believed: people do move, and in floor
        postures even their colours change. A single body that leapt must wear the
        subject's clothes.
        """
        everybody = self._everybody(image, time_s, body)
        if not everybody:
            return self._nobody(image, time_s)
        looks = [(one, self._colours(image, one)) for one in everybody]
        best, colours = max(looks, key=lambda pair: subject.likeness(*pair))
        came_by_steps = best is body and subject.reaches(best, time_s)
        at_its_place = best.metres_from(subject.place) <= PLACE_M and (
            best.times_larger(subject.pixels_per_metre) <= SIZE_RATIO
        )
        if not (came_by_steps or at_its_place or subject.dressed_as(colours) >= ALIKE):
            # From now on time alone brings it nowhere: a leap remains a leap.
            subject.in_doubt = True
            return self._nobody(image, time_s)
        subject.cleared_s = time_s
        return self._take(image, time_s, best, body)

    def _take(self, image: Image, time_s: float, best: _Body, followed: _Body | None) -> Pose:
        """Take the person found, and lead the estimator there if it follows another."""
        if followed is None or best.metres_from(followed.centre) > SAME_M:
            self._steered_s = time_s
            self._around = _surroundings(best.pose)
        return self._accept(image, time_s, best)

    def _accept(self, image: Image, time_s: float, body: _Body) -> Pose:
        assert self._subject is not None
        self._subject.follow(image, body, time_s)
        if self._around is not None:
            # By then the estimator follows the subject, and no longer searches.
            settled = time_s - self._steered_s > 0.5
            self._around = None if settled else _surroundings(body.pose)
        return body.pose

    def _nobody(self, image: Image, time_s: float) -> Pose:
        return Pose.absent(time_s, (image.shape[1], image.shape[0]))

    def _colours(self, image: Image, body: _Body) -> Floats:
        return trunk_colours(image, body.pose)

    def _everybody(self, image: Image, time_s: float, followed: _Body | None) -> list[_Body]:
        """Everybody in the picture, each once, the one followed first."""
        found = [] if followed is None else [followed]
        if self._make_crowd is None:
            return found
        self.looks += 1
        self._looked_s = time_s
        self._look(image, time_s, found)
        subject = self._subject
        if subject and found and all(one.metres_from(subject.place) > PLACE_M for one in found):
            # Beside somebody upright MediaPipe often overlooks somebody on the floor: blacken
            # whoever was found and look once more.
            self._blacken(image)
            for one in found:
                self._blackened[_surroundings(one.pose, BLACKENED)] = 0
            self._look(self._blackened, time_s, found)
        return found

    def _look(self, image: Image, time_s: float, found: list[_Body]) -> None:
        """Add to ``found`` whoever is in the picture and not among them yet."""
        if self._crowd is None:
            assert self._make_crowd is not None
            self._crowd = self._make_crowd()
        for pose in self._crowd.estimate_all(image, time_s):
            body = _Body.of(pose)
            if body and all(body.metres_from(other.centre) > SAME_M for other in found):
                found.append(body)

    def _blacken(
        self, image: Image, kept: tuple[slice, slice] = (slice(None), slice(None))
    ) -> None:
        """Make ``_blackened`` a copy of the picture with only a part of it kept."""
        if self._blackened.shape != image.shape:
            self._blackened = np.empty_like(image)
        self._blackened[:] = 0
        self._blackened[kept] = image[kept]

    def _shown(self, image: Image) -> Image:
        """The picture, or a copy with all but the subject's surroundings blackened."""
        if self._around is None:
            return image
        self._blacken(image, self._around)
        return self._blackened


def _presence(one: _Body, width: int, height: int) -> float:
    """How large and how near the middle somebody is."""
    aside = abs(one.centre.real - width / 2) / width
    return float(one.pixels_per_metre / height * (1.0 - aside))


def _surroundings(pose: Pose, margin: float = AROUND) -> tuple[slice, slice]:
    """Rows and columns of the picture around a body; the margin in parts of its extent."""
    places = pose.image[np.isfinite(pose.image).all(axis=1)]
    low, high = places.min(axis=0), places.max(axis=0)
    more = margin * (high - low).max()
    width, height = pose.size
    left, top = np.clip(low - more, 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(high + more, (left + 1, top + 1), (width, height)).astype(int)
    return slice(int(top), int(bottom)), slice(int(left), int(right))
