"""The 3D daisy as a source: turned by the mouse, zoomed by the wheel, turning by itself."""

from collections.abc import Callable, Iterator
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from livecam.core.types import BgrImage, Frame, Waiting
from livecam.pipeline.background_task import BackgroundTask
from livecam.sources.synthetic.rotation_and_zoom import Turntable
from livecam.sources.synthetic.scene import Scene, SceneContents, build_scene, render

if TYPE_CHECKING:
    from livecam.sources.synthetic.visibility import Sight

_SLICE_S = 0.05
_DRAG_WIDTH_PX = 640.0
"""The width of picture that the turntable's pixels mean."""


class Daisy:
    """An endless scene; implements protocols.Source, protocols.OpensSlowly and ports.Turnable.

    The same seed, size, rate and movements of the mouse give the same pixels. It moves by 1 / rate
    seconds a frame, however fast the frames are taken.
    """

    title = "daisy"
    is_live = False
    holds_last = False
    frame_count = None
    told = ""

    def __init__(
        self,
        *,
        seed: int = 0,
        contents: SceneContents = SceneContents(),  # noqa: B008  (frozen)
        size_px: tuple[int, int] = (640, 480),
        rate: float = 30.0,
    ) -> None:
        """The scene grows on entering.

        Args:
            seed: which flower and meadow.
            contents: how many flowers, and whether other things stand beside them.
            size_px: width and height of the frames.
            rate: frames per second of the scene's own time.
        """
        self.rate: float | None = rate
        self._step_s = 1.0 / rate
        self._seed, self._contents, self._size_px = seed, contents, size_px
        self._turntable = Turntable()
        self._scene: Scene | None = None
        self._first_bgr: BgrImage | None = None
        self._looking: BackgroundTask[Sight] | None = None
        self._leaving = Event()
        self._attendant: Callable[[Waiting], None] = lambda _: None

    def __enter__(self) -> Self:
        """Grow the scene."""
        self._leaving.clear()
        work = BackgroundTask(lambda: build_scene(self._seed, self._contents))
        try:
            self._wait_for(work)
        except BaseException:
            _finish(work)
            raise
        self._scene = scene = work.result()
        self._first_bgr = self._drawn()
        # The first picture looked along a few directions. The others are ready before a hand turns
        # the flower there; else pictures look for themselves, and take a little longer.
        self._looking = BackgroundTask(
            lambda: scene.sight.all_round(stop_asked=self._leaving.is_set)
        )
        return self

    def _wait_for(self, work: BackgroundTask[Scene]) -> None:
        waited_s = 0.0
        while not work.is_over(_SLICE_S):
            waited_s += _SLICE_S
            self._attendant(Waiting(0.0, "growing the daisy", waited_s))

    def on_progress(self, attendant: Callable[[Waiting], None]) -> None:
        """Let this be called, twenty times a second, while the scene grows."""
        self._attendant = attendant

    def preview(self) -> BgrImage | None:
        """The picture that comes first; None before the scene has grown."""
        return self._first_bgr

    def __exit__(self, *_: object) -> None:
        """Stop looking around."""
        self._leaving.set()
        if self._looking is not None:
            _finish(self._looking)

    def __iter__(self) -> Iterator[Frame]:
        """Frames without end."""
        for index in count():
            yield Frame(self._drawn(), index, index * self._step_s)
            self._turntable = self._turntable.advanced(self._step_s)

    def _drawn(self) -> BgrImage:
        """The scene as it stands now, not to be written to."""
        if self._scene is None:
            raise RuntimeError("a Daisy is used inside a with statement")
        bgr = np.ascontiguousarray(render(self._scene, self._turntable.pose, *self._size_px))
        bgr.flags.writeable = False
        return BgrImage(bgr)

    def drag(self, dx_px: float, dy_px: float) -> None:
        """Turn the scene, in pixels of the frame."""
        scale = _DRAG_WIDTH_PX / self._size_px[0]
        self._turntable = self._turntable.dragged(dx_px * scale, dy_px * scale)

    def wheel(self, steps: float) -> None:
        """Zoom, positive steps nearer."""
        self._turntable = self._turntable.wheeled(steps)


def _finish(work: BackgroundTask[Any]) -> None:
    """Wait for it: a program that ends while its thread is inside OpenCV aborts."""
    while not work.is_over(_SLICE_S):
        pass
