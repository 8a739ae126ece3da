"""The topics of MQTT under which a camera's events are told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ONLINE, OFFLINE = "online", "offline"
ON, OFF = "ON", "OFF"


def topic_part(name: str) -> str:
    """A name as one level of a topic, and as an id of Home Assistant: letters, digits, _ and -."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_") or "_"


def availability_topic(base: str) -> str:
    """Whether livecam runs: "online", or "offline", which the broker says where it was killed."""
    return f"{base}/availability"


@dataclass(frozen=True, slots=True)
class CameraTopics:
    """The topics of one camera.

    Attributes:
        base: of all topics.
        camera: its name, as it is shown.
        classes: names of the classes that events may be of.
    """

    base: str
    camera: str
    classes: Sequence[str]
    _parts: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Give every class a level of its own, also where two names differ in signs alone."""
        parts: dict[str, str] = {}
        for name in self.classes:
            part, taken = topic_part(name), set(parts.values())
            numbered = (f"{part}_{number}" for number in range(2, len(taken) + 3))
            parts[name] = part if part not in taken else next(n for n in numbered if n not in taken)
        object.__setattr__(self, "_parts", parts)

    @property
    def id(self) -> str:
        """The camera as one level of a topic."""
        return topic_part(self.camera or "camera")

    @property
    def events(self) -> str:
        """Every start, update and end of an event, as JSON."""
        return f"{self.base}/{self.id}/events"

    @property
    def of_classes(self) -> frozenset[str]:
        """All topics of the classes that were named."""
        kinds = (self.state, self.probability, self.event, self.picture)
        return frozenset(topic(name) for name in self.classes for topic in kinds)

    def has(self, topic: str) -> bool:
        """Whether a topic is one of this camera."""
        return topic.startswith(f"{self.base}/{self.id}/")

    def class_id(self, class_name: str) -> str:
        """A class as one level of a topic; also one that was not named before."""
        return self._parts.get(class_name, topic_part(class_name))

    def state(self, class_name: str) -> str:
        """Whether an event of the class goes on: ON or OFF."""
        return f"{self._of(class_name)}/state"

    def probability(self, class_name: str) -> str:
        """The probability in the newest look, 0 to 1."""
        return f"{self._of(class_name)}/probability"

    def event(self, class_name: str) -> str:
        """The newest event of the class, as JSON."""
        return f"{self._of(class_name)}/event"

    def picture(self, class_name: str) -> str:
        """The strongest frame of that, a JPEG."""
        return f"{self._of(class_name)}/picture"

    def _of(self, class_name: str) -> str:
        return f"{self.base}/{self.id}/{self.class_id(class_name)}"
