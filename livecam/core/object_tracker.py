"""Follows found things from frame to frame, so that their boxes neither flicker nor swap numbers.

A short form of ByteTrack (Zhang et al., 2022) without a library: found boxes are given to the
tracks whose predicted boxes they fit best, the sure ones first, then the unsure ones, which keep a
track alive but never begin one. An alpha-beta filter predicts and smooths. Times are those of the
frames; nothing here knows a clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, hypot, inf
from types import MappingProxyType
from typing import Self

from livecam.core.bounding_box import Box, intersection_over_union
from livecam.core.located_object import LocatedObject

BEGIN_SCORE = 0.6
"""How sure a thing must be for a track to begin; below, it can only go on."""

KEEP_SCORE = 0.3
"""Below this a thing is as good as not found."""

CONFIRMED_AFTER_S = 0.1
"""A thing that is seen for so long has a number and is shown."""

SLOW_STEP_S = 0.5
"""Frames that are so far apart are not waited for: what is sure has a number in the first one."""

SHOWN_UNSEEN_S = 0.25
"""So long a track is shown although nothing is found there."""

REMEMBERED_S = 1.0
"""So long it gets its number back when it is found again; one frame at least."""

LONGEST_STEP_S = 4.5
"""A longer step in time, or one back, is another place of the clip: keys jump by 5 s."""

_SMOOTHING_S = 0.1  # time constant of the filter: shorter follows faster, longer jitters less
_UNSEEN_SMOOTHING_S = 0.05  # of the velocity of what is not found: it soon stands still
_MOST_MOVED = 0.4  # of its own sides a thing is expected to move in a step; faster is a mismatch
_LEAST_FIT = -0.25  # of found and predicted box, see _fit
_HIGHEST_STEP_S = 0.2  # farther ahead a straight line is no prediction


@dataclass(frozen=True, slots=True)
class Track:
    """One thing over time.

    Attributes:
        located: as it is shown: box and score smoothed, `id` 0 while it is not sure yet.
        velocity: of its middle, x and y in pixels a second.
        began_s: time of the first frame that it was found in.
        seen_s: time of the last one.
        shown_until_s: it is shown no longer than this.
        times_seen: how many frames it was found in.
    """

    located: LocatedObject
    velocity: tuple[float, float]
    began_s: float
    seen_s: float
    shown_until_s: float
    times_seen: int = 1

    @classmethod
    def begun(cls, found: LocatedObject, time_s: float, number: int = 0) -> Self:
        """The track of a thing that was found for the first time."""
        located = replace(found, id=number)
        return cls(located, (0.0, 0.0), time_s, time_s, time_s + SHOWN_UNSEEN_S)

    def predicted(self, step_s: float) -> Box:
        """Where it should be so much later."""
        step_s, box = min(step_s, _HIGHEST_STEP_S), self.located.box
        right = _limited(self.velocity[0] * step_s, _MOST_MOVED * box.width)
        down = _limited(self.velocity[1] * step_s, _MOST_MOVED * box.height)
        return replace(box, left=box.left + right, top=box.top + down)

    def after_unseen(self, step_s: float) -> "Track":
        """The track a step later, where nothing was found for it: it moves on, ever slower."""
        slower = exp(-step_s / _UNSEEN_SMOOTHING_S)
        velocity = (self.velocity[0] * slower, self.velocity[1] * slower)
        return replace(
            self, located=replace(self.located, box=self.predicted(step_s)), velocity=velocity
        )

    def after_seen(self, found: LocatedObject, time_s: float, step_s: float) -> "Track":
        """The track a step later, found again: the prediction corrected by a part of the error.

        Jitter is smoothed; where the found box hardly meets the predicted one, the thing has moved,
        and is followed at once.
        """
        expected, seen = self.predicted(step_s), found.box
        alpha = 1.0 - exp(-step_s / _SMOOTHING_S)
        alpha = max(alpha, 1.0 - 2.0 * intersection_over_union(expected, seen))
        beta = alpha * alpha / (2.0 - alpha)
        (expected_x, expected_y), (x, y) = expected.centre, seen.centre
        error_x, error_y = x - expected_x, y - expected_y
        width = expected.width + alpha * (seen.width - expected.width)
        height = expected.height + alpha * (seen.height - expected.height)
        left = expected_x + alpha * error_x - width / 2
        top = expected_y + alpha * error_y - height / 2
        score = self.located.score + alpha * (found.score - self.located.score)
        return replace(
            self,
            located=replace(self.located, box=Box(left, top, width, height), score=score),
            velocity=self._corrected(beta * error_x, beta * error_y, step_s),
            seen_s=time_s,
            shown_until_s=time_s + SHOWN_UNSEEN_S,
            times_seen=self.times_seen + 1,
        )

    def _corrected(self, right: float, down: float, step_s: float) -> tuple[float, float]:
        """The velocity that moves it farther by so much in a step, within what is expected."""
        if step_s <= 0:
            return self.velocity
        box, (x, y) = self.located.box, self.velocity
        most_x, most_y = (_MOST_MOVED * side / step_s for side in (box.width, box.height))
        return _limited(x + right / step_s, most_x), _limited(y + down / step_s, most_y)


def _limited(value: float, most: float) -> float:
    return min(max(value, -most), most)


@dataclass(frozen=True, slots=True)
class ObjectTracker:
    """All tracks at one time; `after` gives those of the next frame.

    Attributes:
        tracks: those that are remembered, the oldest first.
        time_s: of the last frame; None before the first.
        last_id: the number that was given last.
        seen: the part of the frame that was searched; None for no limit.
    """

    tracks: tuple[Track, ...] = field(default=())
    time_s: float | None = None
    last_id: int = 0
    seen: Box | None = None

    @property
    def objects(self) -> tuple[LocatedObject, ...]:
        """What is shown, by number: things that have one and were seen a short while ago.

        Their boxes end where what was searched ends.
        """
        shown = [track.located for track in self.tracks if self._is_shown(track)]
        if self.seen is not None:
            shown = [replace(one, box=one.box.within(self.seen)) for one in shown]
            shown = [one for one in shown if one.box.area > 0]
        return tuple(sorted(shown, key=lambda located: located.id))

    def _is_shown(self, track: Track) -> bool:
        return bool(track.located.id) and track.shown_until_s >= (self.time_s or 0.0)

    def after(
        self, found: Sequence[LocatedObject], time_s: float, seen: Box | None = None
    ) -> "ObjectTracker":
        """The tracks of the next frame.

        Everything begins anew, with new numbers, where the time goes back or leaps ahead. Where
        nothing of what was there is found again but other things are, the picture was cut: what
        was there is shown no longer. What is not found and has moved out of `seen` is forgotten.

        Args:
            found: what is in the frame, with its scores; ids do not count.
            time_s: the frame's own time.
            seen: the part of the frame that was searched; None for no limit.
        """
        if self.time_s is None or not 0 <= time_s - self.time_s <= LONGEST_STEP_S:
            return self._begun_anew(found, time_s, seen)
        step_s = time_s - self.time_s
        pairs = _assigned(self.tracks, found, step_s)
        taken = set(pairs.values())
        new = [
            Track.begun(one, time_s)
            for number, one in enumerate(found)
            if number not in taken and one.score >= BEGIN_SCORE
        ]
        is_cut = bool(new) and not pairs
        tracks = []
        for number, track in enumerate(self.tracks):
            if number in pairs:
                tracks.append(track.after_seen(found[pairs[number]], time_s, step_s))
            elif _is_remembered(track, time_s, step_s):
                unseen = track.after_unseen(step_s)
                if seen is None or seen.holds(*unseen.located.box.centre):
                    tracks.append(replace(unseen, shown_until_s=-inf) if is_cut else unseen)
        return self._numbered(tracks + new, time_s, seen, at_once=step_s >= SLOW_STEP_S)

    def looked_at_again(
        self, found: Sequence[LocatedObject], time_s: float, seen: Box | None = None
    ) -> "ObjectTracker":
        """The tracks of the same frame, looked at otherwise: what is sure is shown at once.

        What was there keeps its number. The arguments are those of `after`.
        """
        pairs = _assigned(self.tracks, found, 0.0)
        numbers = {number: self.tracks[track].located.id for track, number in pairs.items()}
        return self._begun_anew(found, time_s, seen, numbers)

    def _begun_anew(
        self,
        found: Iterable[LocatedObject],
        time_s: float,
        seen: Box | None,
        numbers: Mapping[int, int] = MappingProxyType({}),
    ) -> "ObjectTracker":
        """Tracks of what is sure, at once with numbers: no frame before says anything else.

        `numbers` has those of the found things, by their places, that have one already.
        """
        tracks, last_id = [], self.last_id
        for place, one in enumerate(found):
            number = numbers.get(place, 0)
            if not number and one.score >= BEGIN_SCORE:
                number = last_id = last_id + 1
            if number:
                tracks.append(Track.begun(one, time_s, number))
        return ObjectTracker(tuple(tracks), time_s, last_id, seen)

    def _numbered(
        self, tracks: Iterable[Track], time_s: float, seen: Box | None, *, at_once: bool
    ) -> "ObjectTracker":
        """The same with numbers for those that were seen for long enough, or for all."""
        numbered, last_id = [], self.last_id
        for track in tracks:
            is_sure = track.times_seen > 1 and track.seen_s - track.began_s >= CONFIRMED_AFTER_S
            if (is_sure or at_once) and not track.located.id:
                last_id += 1
                numbered.append(replace(track, located=replace(track.located, id=last_id)))
            else:
                numbered.append(track)
        return ObjectTracker(tuple(numbered), time_s, last_id, seen)


def _is_remembered(track: Track, time_s: float, step_s: float) -> bool:
    """Whether it may be found again; what was never sure is forgotten at the first gap."""
    return bool(track.located.id) and time_s - track.seen_s <= max(REMEMBERED_S, step_s)


def _assigned(
    tracks: Sequence[Track], found: Sequence[LocatedObject], step_s: float
) -> dict[int, int]:
    """Which found thing belongs to which track: {number of the track: number of the found thing}.

    The best fitting pair first, then the best of the rest; unsure things after the sure ones.
    """
    fits = []
    for track_number, track in enumerate(tracks):
        expected = track.predicted(step_s)
        for number, one in enumerate(found):
            if one.class_name == track.located.class_name:
                fit = _fit(expected, one.box)
                is_sure = one.score >= BEGIN_SCORE
                if fit >= _LEAST_FIT:
                    fits.append((is_sure, bool(track.located.id), fit, track_number, number))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, _, track_number, number in sorted(fits, reverse=True):
        if track_number not in pairs and number not in taken:
            pairs[track_number] = number
            taken.add(number)
    return pairs


def _fit(one: Box, other: Box) -> float:
    """How well two boxes agree: 1 at best; below 0 where they do not meet, the farther the less.

    Intersection over union less the squared distance of the middles over the squared diagonal of
    the box around both ("distance IoU", Zheng et al., 2020): things that move by more than
    themselves from frame to frame still have a nearest one.
    """
    left, top = min(one.left, other.left), min(one.top, other.top)
    diagonal = hypot(max(one.right, other.right) - left, max(one.bottom, other.bottom) - top)
    if diagonal <= 0:
        return 0.0
    (x, y), (other_x, other_y) = one.centre, other.centre
    distance = hypot(x - other_x, y - other_y)
    return intersection_over_union(one, other) - (distance / diagonal) ** 2
