"""What is watched: cameras, and the conditions that make events of their pictures."""

from dataclasses import dataclass
from typing import Literal

from livecam.core.conditions.expression import Expression, classes_of, seen_classes_of
from livecam.core.conditions.hysteresis import loosened
from livecam.core.watching.event_rules import RuleLimits

Keep = Literal["clean", "annotated", "both"]

_MARGIN_S = 2.0
"""Looks come late by so much at most while everything works."""


@dataclass(frozen=True, slots=True)
class WatchRule:
    """A condition that makes events.

    Attributes:
        text: as it was typed.
        expression: with the usual names of its classes.
        easier: with which an event goes on.
        limits: how often, how long.
    """

    text: str
    expression: Expression
    easier: Expression
    limits: RuleLimits

    @classmethod
    def of(
        cls, text: str, expression: Expression, limits: RuleLimits, hysteresis: float
    ) -> "WatchRule":
        """The rule of a condition; `hysteresis` moves the limits of its easier one."""
        return cls(text, expression, loosened(expression, hysteresis), limits)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes that it is about, also those that "seen" is compared with."""
        return tuple(dict.fromkeys(classes_of(self.expression) + seen_classes_of(self.expression)))


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """How one source is watched.

    Attributes:
        name: in the settings and in what is said; "" where one source has no name.
        rules: each makes events of its own.
        look_every_s: a picture is looked at so often; 0 for every one.
        before_s: so much is kept before the start of an event.
        after_s: so much after its end.
        keep: which clips of an event are kept.
    """

    name: str
    rules: tuple[WatchRule, ...]
    look_every_s: float = 0.5
    before_s: float = 5.0
    after_s: float = 5.0
    keep: Keep = "clean"

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes of all rules, each once."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.class_names))

    @property
    def held_s(self) -> float:
        """How much of the past a clip may need when its event becomes known."""
        latest_s = max(
            (max(rule.limits.n * self.look_every_s, rule.limits.min_s) for rule in self.rules),
            default=0.0,
        )
        return self.before_s + latest_s + _MARGIN_S
