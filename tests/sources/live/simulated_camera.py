"""Simulated time, which passes only when every thread waits, and a simulated camera in it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from livecam.sources.camera.camera_source import create_camera_source
from livecam.sources.live.clock_and_threads import ClockAndThreads
from livecam.core.types import Frame, Waiting


class SimulationOverError(BaseException):
    """Ends the threads that still hang in a driver when a test is over."""


class SimulatedTime:
    """Real threads, one at a time, in a time of their own: every run is the same.

    A thread runs until it waits. When all of them wait, time jumps to the earliest moment for
    which one of them waits. The test's own thread is one of them.
    """

    def __init__(self, began_s: float = 100.0) -> None:
        self.now_s = began_s
        self._changed = threading.Condition()
        self._running = 1
        self._sleepers: dict[object, tuple[float, Callable[[], bool]]] = {}
        self._over = False
        self.threads: list[threading.Thread] = []

    @property
    def clock_and_threads(self) -> ClockAndThreads:
        """In the place of the real ones."""
        return ClockAndThreads(
            clock=lambda: self.now_s,
            sleep=self.sleep,
            make_event=self.make_event,
            start_thread=self.start_thread,
        )

    def sleep(self, seconds: float) -> None:
        self.wait(self.now_s + seconds, lambda: False)

    def make_event(self) -> "SimulatedWakeEvent":
        return SimulatedWakeEvent(self)

    def start_thread(self, target: Callable[[], None]) -> None:
        def whole() -> None:
            try:
                self.wait(self.now_s, lambda: True)  # begins when the others wait
                target()
            except SimulationOverError:
                pass
            with self._changed:
                self._running -= 1
                self._wake_next()

        with self._changed:
            self._running += 1
        thread = threading.Thread(target=whole, daemon=True)
        self.threads.append(thread)
        thread.start()
        # The new thread must be in line before anybody goes on, or runs would differ.
        with self._changed:
            self._changed.wait_for(lambda: self._running == 1 or self._over, timeout=60)

    def wait(self, until_s: float, ready: Callable[[], bool]) -> None:
        me = object()
        with self._changed:
            if self._over:
                raise SimulationOverError
            self._sleepers[me] = (until_s, ready)
            self._running -= 1
            self._wake_next()
            self._changed.wait_for(lambda: me not in self._sleepers or self._over)
            if self._over:
                raise SimulationOverError

    def end(self) -> None:
        """Let every thread end, also those that hang for ever; gives how many hung."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()

    def _wake_next(self) -> None:
        self._changed.notify_all()
        if self._running or not self._sleepers:
            return
        ready = [key for key, (_, is_ready) in self._sleepers.items() if is_ready()]
        if not ready:
            self.now_s = max(self.now_s, min(until for until, _ in self._sleepers.values()))
            ready = [key for key, (until, _) in self._sleepers.items() if until <= self.now_s]
        del self._sleepers[ready[0]]
        self._running += 1


class SimulatedWakeEvent:
    def __init__(self, time: SimulatedTime) -> None:
        self._time, self._is_set = time, False

    def set(self) -> None:
        self._is_set = True

    def wait(self, timeout_s: float) -> None:
        self._time.wait(self._time.now_s + timeout_s, lambda: self._is_set)
        self._is_set = False


def numbered_picture(number: int, width: int = 64, height: int = 48) -> np.ndarray:
    """A picture that differs from every other number's."""
    picture = np.full((height, width, 3), 90, np.uint8)
    picture[0, :4, 0] = list(number.to_bytes(4, "little"))
    return picture


def picture_number(bgr: np.ndarray) -> int:
    """The number of a `numbered_picture`."""
    return int.from_bytes(bytes(bgr[0, :4, 0].tolist()), "little")


@dataclass
class SimulatedCamera:
    """A camera whose behaviour depends on the time; counts what is done with it.

    Attributes:
        behaviour: seconds since the beginning -> "ok", "gone" (does not open), "fails" (reads
            fail), "raises", "blocks" (for 60 s), "repeats", or "small" (another size).
        rate: pictures per second.
        jitter: share of the interval by which deliveries wander.
        size: width and height in pixels; half of it while its behaviour is "small".
    """

    time: SimulatedTime
    behaviour: Callable[[float], str] = lambda _: "ok"
    rate: float = 30.0
    jitter: float = 0.0
    size: tuple[int, int] = (64, 48)
    started_s: float = field(init=False)
    opened: int = 0
    opened_at_s: list[float] = field(default_factory=list)
    released: int = 0
    reads_in_other_threads: int = 0
    given_numbers: list[int] = field(default_factory=list)
    settings: dict[int, float] = field(default_factory=dict)
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(3))

    def __post_init__(self) -> None:
        self.started_s = self.time.now_s

    @property
    def state(self) -> str:
        return self.behaviour(self.time.now_s - self.started_s)

    def open(self, device: object, backend: int) -> "SimulatedDriver":
        self.opened += 1
        self.opened_at_s.append(round(self.time.now_s - self.started_s, 2))
        if self.state == "blocks":
            self.time.sleep(60.0)
        return SimulatedDriver(self, opens=self.state != "gone")

    def picture(self, number: int) -> np.ndarray:
        shrunk = 2 if self.state == "small" else 1
        return numbered_picture(number, self.size[0] // shrunk, self.size[1] // shrunk)

    def source(self, *, waits: bool = False, **asked: object):
        from livecam.settings.schema import CameraSettings

        return create_camera_source(
            "0",
            CameraSettings(**asked),
            waits=waits,
            open_driver=self.open,
            system=self.time.clock_and_threads,
        )


class SimulatedDriver:
    """Gives the picture of the present moment, unless its camera behaves otherwise."""

    def __init__(self, camera: SimulatedCamera, *, opens: bool) -> None:
        self.camera, self.opens = camera, opens
        self.thread = threading.get_ident()
        self.frozen: np.ndarray | None = None
        self.last_number = -1

    def isOpened(self) -> bool:  # noqa: N802
        return self.opens

    def read(self):
        self.camera.reads_in_other_threads += threading.get_ident() != self.thread
        camera, time = self.camera, self.camera.time
        since_s = time.now_s - camera.started_s
        number = max(int(since_s * camera.rate + 1e-6), self.last_number) + 1
        due_s = number / camera.rate
        due_s += camera.jitter * camera.random.uniform(0, 1) / camera.rate
        time.sleep(max(0.0, due_s - since_s))
        self.last_number = number
        match camera.state:
            case "fails" | "gone":
                return False, None
            case "raises":
                raise cv2.error("the driver is out of its mind")
            case "blocks":
                time.sleep(60.0)
            case "repeats":
                if self.frozen is None:
                    self.frozen = camera.picture(number)
                return True, self.frozen.copy()
        self.frozen = None
        camera.given_numbers.append(number)
        return True, camera.picture(number)

    def get(self, prop: int) -> float:
        return self.camera.rate if prop == cv2.CAP_PROP_FPS else -1.0

    def set(self, prop: int, value: float) -> bool:
        self.camera.settings[prop] = value
        return True

    def getBackendName(self) -> str:  # noqa: N802
        return "V4L2"

    def release(self) -> None:
        self.camera.released += 1


def during(begin_s: float, end_s: float, what: str) -> Callable[[float], str]:
    """A behaviour that is "ok" but for one stretch of time."""
    return lambda now_s: what if begin_s <= now_s < end_s else "ok"


@dataclass
class Consumed:
    """What a consumer got.

    Attributes:
        items: (when it came, what came).
    """

    items: list[tuple[float, Frame | Waiting]] = field(default_factory=list)

    @property
    def frames(self) -> list[tuple[float, Frame]]:
        return [(at, item) for at, item in self.items if isinstance(item, Frame)]

    @property
    def lost(self) -> list[tuple[float, Waiting]]:
        """Every Waiting for a lost source, and when it came."""
        return [(at, item) for at, item in self.items if isinstance(item, Waiting) and item.reason]


def consume(source, camera: SimulatedCamera, seconds: float, *, work_s: float = 0.0) -> Consumed:
    """Consume an opened source for so long, working so long on each frame."""
    seen = Consumed()
    for item in source:
        now_s = camera.time.now_s - camera.started_s
        seen.items.append((now_s, item))
        if isinstance(item, Frame) and work_s:
            camera.time.sleep(work_s)
        if now_s >= seconds:
            break
    return seen


def ages_s(seen: Consumed, camera: SimulatedCamera) -> Iterator[float]:
    """How old each picture was when the consumer got it, by the sensor's own time."""
    for at, frame in seen.frames:
        yield at - picture_number(frame.bgr) / camera.rate
