"""The Protocols that the loop knows, and what each promises. Nobody inherits from them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.network_size import InputSize
from livecam.core.seek_and_speed import Jump
from livecam.core.types import (
    Activation,
    BgrImage,
    CameraChoice,
    Frame,
    NetworkOutput,
    OutputFile,
    RgbImage,
    Waiting,
)
from livecam.core.view import View

if TYPE_CHECKING:  # a run without a screen does without
    from livecam.core.events import Event
    from livecam.core.status_card import StatusCard


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
    - Iterated a second time, a file begins again, and a live source goes on; what cannot be read
      twice (a pipe, a file behind an address) raises SourceError.
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
        """The frames, as long as it is open; RuntimeError before and after."""


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
class FromFiles(Protocol):
    """A source that is read from files of this machine (a clip, the pictures of a folder)."""

    @property
    def paths(self) -> Sequence[Path]:
        """All of them; none of them may be written while they are read."""


@runtime_checkable
class PlaysRecording(Protocol):
    """A source that may be a recording of livecam (a clip)."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def is_annotated_recording(self) -> bool:
        """Whether livecam has drawn its map into the pictures already, now that it is open."""


@runtime_checkable
class Seekable(Protocol):
    """A source that can be played from another place (a clip, the pictures of a folder)."""

    @property
    def can_seek(self) -> bool:
        """Whether this one can, now that it is open."""

    def frames_after(self, jump: Jump, shown: Frame) -> Iterator[Frame]:
        """The frames from another place on, as iterating gives them; at least one.

        Any iteration before is over. Times are those of the source; `index` is as near as can
        be known.

        Args:
            jump: where to, from `shown`; beyond an end it leads to that end.
            shown: the frame that is on the screen.
        """

    def describe_place(self, shown: Frame) -> str:
        """Where the source stands, for the screen: its time, or the file."""


@runtime_checkable
class Turnable(Protocol):
    """A source whose scene the user can turn and zoom (the daisy)."""

    def drag(self, dx_px: float, dy_px: float) -> None:
        """The pointer moved by this much with the button held, in pixels of the frame."""

    def wheel(self, steps: float) -> None:
        """The wheel turned; positive is away from the user: nearer."""


@runtime_checkable
class HasCameras(Protocol):
    """A source that can change to another of the attached cameras."""

    def cameras(self) -> list[CameraChoice]:
        """Those that are attached now, by number; the system is asked, from any thread."""

    def switch_camera(self, number: int) -> bool:
        """Show one of those that were listed last; False where it is shown already, or unknown."""


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
    """The network with its head: one picture in, grid and logits out."""

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

    @property
    def blur_cells(self) -> float:
        """How many cells wider than a thing its blob in a map is, where the thing is a point."""

    @property
    def input_size(self) -> InputSize:
        """What sizes of pictures it takes."""

    def infer(self, rgb: RgbImage) -> NetworkOutput:
        """Features and logits of one picture.

        Args:
            rgb: uint8 [height, width, 3], red first, contiguous, of a size that `Look` gives for
                `input_size`; not kept and not changed. A new size may take longer, the first time.
        """

    def activation(self, network_output: NetworkOutput, class_index: int) -> Activation:
        """The class's grid and its offset; changing the class costs nothing."""


class Sink(Protocol):
    """Takes annotated frames, in order, each once. May raise SinkError; must not change them."""

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take one annotated frame."""


@runtime_checkable
class BackgroundSink(Protocol):
    """A sink that writes in a thread of its own, behind a bounded queue (figures).

    Its `show` never waits: what finds the queue full is dropped. Whoever may lose nothing asks
    first whether it is full.
    """

    def __enter__(self) -> Self:
        """Open it."""

    def __exit__(self, *error: object) -> None:
        """Write what is still to be written, and close it. May raise SinkError."""

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take one annotated frame."""

    def is_full(self) -> bool:
        """Whether the next frame would be dropped."""

    def is_idle(self) -> bool:
        """Whether everything has been written, or cannot be; waits a moment at most."""

    def dropped(self) -> int:
        """How many frames were dropped so far."""


class BoundedSink(Sink, Protocol):
    """A sink that works in a thread of its own, behind a bounded queue (the recorder)."""

    def wait_until_not_full(self, annotated: AnnotatedFrame, wait_s: float) -> bool:
        """Whether `show` would not wait with this frame; waits for that at most so long."""


class OutputFiles(Protocol):
    """The finished recordings and snapshots, of this run and of earlier ones."""

    @property
    def made(self) -> int:
        """How many files this run has finished."""

    @property
    def revision(self) -> int:
        """Counts changes of the list."""

    def items(self, after: str = "", limit: int = 0, /) -> Sequence[OutputFile]:
        """The files, newest first: at most `limit` after the one with the id `after`."""

    def find(self, file_id: str, /) -> OutputFile | None:
        """The file with this id; None where there is none."""

    def delete(self, file_id: str, /) -> bool:
        """Delete the file with this id; False where there is none. Raises SinkError."""


class Keys(Protocol):
    """Where events come from."""

    def events(self, wait_s: float) -> "Sequence[Event]":
        """What happened since the last call; waits at most `wait_s` seconds, 0 for hardly."""


class Screen(Sink, Keys, Protocol):
    """A window or a web page: shows annotated frames and gives events.

    It shows `AnnotatedFrame.painted`, and writes its own text above that, at its own resolution.
    """

    def show_status(self, card: "StatusCard", view: View) -> None:
        """Show what belongs to no frame: that a source is waited for, or a preview."""


@runtime_checkable
class OffersClassKeys(Protocol):
    """A screen that has to offer the keys of classes that are taught (the page)."""

    def offer_class_keys(self, keys: Mapping[str, str]) -> None:
        """These keys take samples of these classes in this run."""
