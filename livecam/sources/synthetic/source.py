"""The built-in 3D daisy as a source: rotated by the mouse, zoomed by the wheel."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, Any, Self

from livecam.core.types import BgrImage, Frame, Waiting
from livecam.pipeline.background_task import BackgroundTask
from livecam.pipeline.capture_time import local_now
from livecam.sources.open_state import OpenState
from livecam.sources.pixels import read_only_image
from livecam.sources.synthetic.renderer import render
from livecam.sources.synthetic.rotation_and_zoom import OrbitState
from livecam.sources.synthetic.scene import Scene, SceneContents, build_scene

if TYPE_CHECKING:
    from livecam.sources.synthetic.visibility import Visibility

_POLL_S = 0.05
_REFERENCE_WIDTH_PX = 640.0
"""Drags are scaled to a picture of this width: OrbitState counts in its pixels."""


class SyntheticSource:
    """An endless scene; implements protocols.Source, protocols.OpensSlowly and protocols.Turnable.

    The same seed, size, rate and movements of the mouse give the same pixels. It moves by 1 / rate
    seconds a frame, however fast the frames are consumed.
    """

    title = "daisy"
    is_live = False
    holds_last = False
    frame_count = None
    negotiated = ""

    def __init__(
        self,
        *,
        seed: int = 0,
        contents: SceneContents = SceneContents(),  # noqa: B008  (frozen)
        size_px: tuple[int, int] = (640, 480),
        rate: float = 30.0,
        now: Callable[[], datetime] = local_now,
    ) -> None:
        """The scene is built on entering.

        Args:
            seed: of the flowers and the background.
            contents: how many flowers, and whether other objects stand beside them.
            size_px: width and height of the frames.
            rate: frames per second of the scene's own time.
            now: the wall clock: a frame is taken when it is drawn.
        """
        self.rate: float | None = rate
        self._step_s, self._now = 1.0 / rate, now
        self._seed, self._contents, self._size_px = seed, contents, size_px
        self._orbit = OrbitState()
        self._state = OpenState("a SyntheticSource")
        self._scene: Scene | None = None
        self._first_bgr: BgrImage | None = None
        self._visibility_task: BackgroundTask[Visibility] | None = None
        self._closing = Event()
        self._on_progress: Callable[[Waiting], None] = lambda _: None

    def __enter__(self) -> Self:
        """Build the scene."""
        self._closing.clear()
        task = BackgroundTask(lambda: build_scene(self._seed, self._contents))
        try:
            self._wait_for(task)
        except BaseException:
            _join(task)
            raise
        self._scene = scene = task.result()
        self._first_bgr = self._render()
        # The first picture computed the visibility of a few directions. The others are ready before
        # the user rotates the flower there; else pictures compute them, and take a little longer.
        self._visibility_task = BackgroundTask(
            lambda: scene.visibility.compute_all(stop_requested=self._closing.is_set)
        )
        self._state.enter()
        return self

    def _wait_for(self, task: BackgroundTask[Scene]) -> None:
        waited_s = 0.0
        while not task.is_over(_POLL_S):
            waited_s += _POLL_S
            self._on_progress(Waiting(0.0, "growing the daisy", waited_s))

    def on_progress(self, callback: Callable[[Waiting], None]) -> None:
        """Let this be called, twenty times a second, while the scene is built."""
        self._on_progress = callback

    def preview(self) -> BgrImage | None:
        """The first picture; None before the scene is built."""
        return self._first_bgr

    def __exit__(self, *_: object) -> None:
        """End the task in the background."""
        self._state.leave()
        self._closing.set()
        if self._visibility_task is not None:
            _join(self._visibility_task)

    def __iter__(self) -> Iterator[Frame]:
        """Frames without end.

        Raises:
            RuntimeError: the source is not open.
        """
        yield from self._state.while_open(self._frames())

    def _frames(self) -> Iterator[Frame]:
        for index in count():
            taken_at = self._now()
            yield Frame(self._render(), index, index * self._step_s, taken_at=taken_at)
            self._orbit = self._orbit.after_time(self._step_s)

    def _render(self) -> BgrImage:
        """The scene in its present pose."""
        if self._scene is None:
            raise self._state.not_open()
        return read_only_image(render(self._scene, self._orbit.pose, *self._size_px))

    def drag(self, dx_px: float, dy_px: float) -> None:
        """Rotate the scene, in pixels of the frame."""
        scale = _REFERENCE_WIDTH_PX / self._size_px[0]
        self._orbit = self._orbit.after_drag(dx_px * scale, dy_px * scale)

    def wheel(self, steps: float) -> None:
        """Zoom; positive steps zoom in."""
        self._orbit = self._orbit.after_wheel(steps)


def _join(task: BackgroundTask[Any]) -> None:
    """Wait for it: a program that ends while its thread is inside OpenCV aborts."""
    while not task.is_over(_POLL_S):
        pass
