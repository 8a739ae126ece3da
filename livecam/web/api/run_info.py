"""What the web page shows about the run, and what does not change during it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from livecam.core.labels import Labels
from livecam.core.types import CameraChoice


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What does not change during a run.

    Attributes:
        source: the source's title, without credentials.
        model: model and engine in a few words.
        labels: the names of all classes.
        turnable: whether the pointer turns the scene.
        cameras: lists the attached cameras; None where the source is none of them.
        seekable: whether keys lead to another place of the clip or folder.
        class_keys: the classes that are taught, by their keys; none in other runs.
        public_model: `model` for guests, without the name of a file of the owner's.
    """

    source: str
    model: str
    labels: Labels
    turnable: bool
    seekable: bool = False
    cameras: Callable[[], list[CameraChoice]] | None = None
    class_keys: Mapping[str, str] = field(default_factory=dict)
    public_model: str = ""
