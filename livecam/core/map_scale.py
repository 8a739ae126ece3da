"""How large the maps of a network are: which activation is bright, and how fast it gets dark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

USUAL_ACT_MAX = 36.0
"""The original page's own: real daisies peak near it. The gain of 0.1 is meant for it."""

LEAST_SCALE = 1e-3  # smaller ones are noise; the gain stays a finite number


@dataclass(frozen=True, slots=True)
class MapScale:
    """What fits the maps of a network.

    Attributes:
        act_max: the activation that is shown at full brightness; None where it was not measured.
        gain_is_relative: whether the maps have a scale of their own, to which a gain that is meant
            for 36 has to be fitted.
    """

    act_max: float | None = USUAL_ACT_MAX
    gain_is_relative: bool = False


USUAL_SCALE = MapScale()


def scale_record(scale: MapScale) -> dict[str, Any]:
    """A scale as metadata have it."""
    return {"act_max": scale.act_max, "gain_is_relative": scale.gain_is_relative}


def scale_of_record(record: object) -> MapScale:
    """The scale that metadata have; the usual one where they have none."""
    if not isinstance(record, Mapping):
        return USUAL_SCALE
    found = record.get("act_max")
    act_max = float(found) if isinstance(found, int | float) else None
    return MapScale(act_max, gain_is_relative=record.get("gain_is_relative") is True)


def fitted_gain(gain: float, reference: float) -> float:
    """The gain that draws maps of this scale as `gain` draws those of a scale of 36."""
    return gain * USUAL_ACT_MAX / max(abs(reference), LEAST_SCALE)
