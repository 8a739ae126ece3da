"""What the web page shows about the run, and what does not change during it."""

from dataclasses import dataclass

from livecam.core.labels import Labels


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What does not change during a run.

    Attributes:
        source: the source's title, without credentials.
        model: model and engine in a few words.
        labels: the names of all classes.
        turnable: whether the pointer turns the scene.
    """

    source: str
    model: str
    labels: Labels
    turnable: bool
