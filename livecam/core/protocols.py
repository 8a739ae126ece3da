"""The Protocols that the loop knows, and what each promises. Nobody inherits from them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.events import Event
from livecam.core.types import (
    Activation,
    BgrImage,
    Frame,
    NetworkOutput,
    OutputFile,
    RgbImage,
    Waiting,
)
from livecam.core.view import View


class Source(Protocol):
    """Gives frames in order, inside a context manager.

    - Startup happens in `__enter__`, which raises SourceError when it fails; `__exit__` may be
      called twice.
    - Iterating gives each frame once, `index` counting from 0, `time_s` from 0 and strictly
      increasing, every frame's pixels read-only and never changed afterwards.
    - A live source never blocks for more than a moment: where it has no frame it
      gives Waiting instead, also while it is lost and opened again. Other sources never do.
    - The end of the source ends the iteration. A source that ends before its time raises
      SourceLostError after the last frame that could be had.
    """

    @property
    def title(self) -> str:
        """Its name for the user; without the credentials of a URL."""

    @property
    def is_live(self) -> bool:
        """True where waiting loses frames (camera, live stream)."""

    @property
    def holds_last(self) -> bool:
        """True where a window stays open on the last frame (pictures)."""

    @property
    def frame_count(self) -> int | None:
        """How many frames are to be expected; None where not known."""

    @property
    def rate(self) -> float | None:
        """Nominal frames per second; None where unknown."""

    def __enter__(self) -> Self:
        """Open the source."""

    def __exit__(self, *_: object) -> None:
        """Close it; harmless when called again."""

    def __iter__(self) -> Iterator[Frame | Waiting]:
        """The frames, once."""


@runtime_checkable
class OpensSlowly(Protocol):
    """A source whose opening may take long (a camera, a stream)."""

    @property
    def negotiated(self) -> str:
        """Size, format and rate that a camera gives, for the user; "" where nothing is known."""

    def preview(self) -> BgrImage | None:
        """The newest picture, without consuming it: shown while the model is still loading."""

    def on_progress(self, callback: Callable[[Waiting], None]) -> None:
        """Let this be called, twenty times a second, while the source is being opened."""


@runtime_checkable
class Noticing(Protocol):
    """A source that may have to say something once it is open (a clip)."""

    @property
    def notice(self) -> str:
        """One line for the user; "" where there is nothing to say."""


@runtime_checkable
class Turnable(Protocol):
    """A source whose scene the user can turn and zoom (the daisy)."""

    def drag(self, dx_px: float, dy_px: float) -> None:
        """The pointer moved by this much with the button held, in pixels of the frame."""

    def wheel(self, steps: float) -> None:
        """The wheel turned; positive is away from the user: nearer."""


@runtime_checkable
class Audible(Protocol):
    """A source with sound that can be kept (a clip)."""

    @property
    def sound_path(self) -> Path | str:
        """The file that may hold it; an address as text."""

    @property
    def began_s(self) -> float:
        """The file's own time of the first frame that was given; frames' times count from it."""


class ActivationModel(Protocol):
    """The network with its head: one square in, grid and logits out."""

    @property
    def labels(self) -> Sequence[str]:
        """First names of the classes, in order."""

    @property
    def class_choices(self) -> Sequence[int]:
        """Indices of the classes that a user can choose (all but "other")."""

    @property
    def description(self) -> str:
        """Model and engine in a few words, for the user."""

    @property
    def engine(self) -> str:
        """The engine's short name, for the figures on the screen."""

    def infer(self, rgb: RgbImage) -> NetworkOutput:
        """Look at one square.

        Args:
            rgb: uint8 [224, 224, 3], red first, contiguous; not kept and not changed.
        """

    def activation(self, network_output: NetworkOutput, class_index: int) -> Activation:
        """The class's grid of what the network gave; changing the class costs nothing."""


class Sink(Protocol):
    """Takes annotated frames, in order, each once. May raise SinkError; must not change them."""

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take one annotated frame."""


class OutputFiles(Protocol):
    """The finished recordings and snapshots, of this run and of earlier ones."""

    @property
    def made(self) -> int:
        """How many files this run has finished."""

    def items(self) -> Sequence[OutputFile]:
        """The files, newest first."""

    def find(self, file_id: str, /) -> OutputFile | None:
        """The file with this id; None where there is none."""


class Keys(Protocol):
    """Where events come from."""

    def events(self, wait_s: float) -> Sequence[Event]:
        """What happened since the last call; waits at most `wait_s` seconds, 0 for hardly."""


class Screen(Sink, Keys, Protocol):
    """A window or a web page: shows annotated frames and gives events."""

    def show_status(self, picture: BgrImage, view: View) -> None:
        """Show a picture that belongs to no frame: a status card, or a preview."""
