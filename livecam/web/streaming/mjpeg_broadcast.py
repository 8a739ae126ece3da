"""Every picture encoded once and only if somebody looks; everybody gets the newest one."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import cv2
import numpy as np

from livecam.core.types import BgrImage
from livecam.web.api.messages import State
from livecam.web.api.state_json import state_of
from livecam.web.streaming.frame_hub import Hub, Sight

LARGEST_SIDE_PX = 1280
QUALITY = 80
# However many look, sending takes no more than a bounded share of the machine from the loop.
MOST_PICTURES_PER_S = 500.0
MOST_STATES_PER_S = 250.0
FIGURES_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG, numbered as the sight it was made from."""

    number: int
    jpeg: bytes


def jpeg_of(bgr: BgrImage, *, largest_side_px: int = LARGEST_SIDE_PX) -> bytes:
    """The picture as JPEG, scaled down where it is larger than a browser shows."""
    height, width = bgr.shape[:2]
    scale = min(1.0, largest_side_px / max(height, width))
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        bgr = BgrImage(np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8))
    _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()


class Broadcast:
    """The server's side of the hub; lives in the server's event loop."""

    def __init__(
        self,
        hub: Hub,
        *,
        files: Callable[[], int] = lambda: 0,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Begin with `start` inside of the event loop.

        Args:
            hub: where the loop is met.
            files: how many files were finished.
            say: hears what goes wrong.
        """
        self.hub, self._files, self._say = hub, files, say
        self.lookers = self.listeners = 0
        self.closing = asyncio.Event()
        self._news, self._published = asyncio.Event(), asyncio.Event()
        self._picture: Picture | None = None
        self._state: tuple[tuple[float, ...], str] = ((), "")
        self._full: tuple[int, asyncio.Future[bytes]] | None = None
        self._encoder = ThreadPoolExecutor(1, "livecam-jpeg")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Hear the hub from now on."""
        loop = asyncio.get_running_loop()

        def tell() -> None:
            try:
                loop.call_soon_threadsafe(self._on_news)
            except RuntimeError:  # the server has ended
                self.hub.on_news(lambda: None)

        self.hub.on_news(tell)
        self._task = loop.create_task(self._publish_forever())

    async def close(self) -> None:
        """Let everybody go who waits."""
        self.hub.on_news(lambda: None)
        self.closing.set()
        self._on_news()
        self._tell_all()
        if self._task is not None:
            self._task.cancel()
        self._encoder.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """While inside, pictures are encoded."""
        self.lookers += 1
        self._on_news()  # a held picture comes at once
        try:
            yield
        finally:
            self.lookers -= 1
            if not self.lookers:
                self._picture = None  # the next one who looks shall see no old picture

    def picture_every_s(self) -> float:
        """The least time between pictures: many viewers get fewer each."""
        return self.lookers / MOST_PICTURES_PER_S

    def state_every_s(self) -> float:
        """The least time between figures."""
        return max(FIGURES_EVERY_S, self.listeners / MOST_STATES_PER_S)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While inside, somebody reads the figures."""
        self.listeners += 1
        try:
            yield
        finally:
            self.listeners -= 1

    async def picture_after(self, number: int) -> Picture | None:
        """The newest picture that is newer than `number`; None when the server ends."""
        while not self.closing.is_set():
            if self._picture is not None and self._picture.number > number:
                return self._picture
            await self._published.wait()
        return None

    async def full_jpeg(self, sight: Sight) -> bytes:
        """The picture in full size, encoded once for all who ask."""
        if self._full is None or self._full[0] != sight.number:
            picture = sight.annotated.picture
            job = asyncio.to_thread(jpeg_of, picture, largest_side_px=max(picture.shape))
            self._full = (sight.number, asyncio.ensure_future(job))
        return await asyncio.shield(self._full[1])

    async def sight_after(self, number: int, within_s: float) -> Sight | None:
        """Wait for a sight that is newer than `number`, for so many seconds at most.

        Gives the newest there is, None before the first; comes back when the server ends.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not self.closing.is_set():
                    newest = self.hub.newest
                    if newest is not None and newest.number > number:
                        break
                    await self._news_once()
        return self.hub.newest

    async def obeyed(self, ticket: int, timeout_s: float) -> bool:
        """Wait until the loop has obeyed; False where that takes too long."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self.hub.is_obeyed(ticket) and not self.closing.is_set():
                    await self._news_once()
        except TimeoutError:
            return False
        return self.hub.is_obeyed(ticket)

    def state(self, sight: Sight) -> State:
        """Everything that changes."""
        viewers, age_s = max(self.lookers, self.listeners), self.hub.age_s() or 0.0
        return state_of(sight, age_s=age_s, viewers=viewers, files=self._files())

    def state_json(self, sight: Sight) -> str:
        """The state as JSON, made once for all who read it at the same time."""
        viewers, age_s = max(self.lookers, self.listeners), self.hub.age_s() or 0.0
        key = (sight.number, viewers, self._files(), round(age_s, 1))
        if self._state[0] != key:
            self._state = (key, self.state(sight).model_dump_json(by_alias=True))
        return self._state[1]

    def _on_news(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _news_once(self) -> None:
        await self._news.wait()

    def _tell_all(self) -> None:
        published, self._published = self._published, asyncio.Event()
        published.set()

    async def _publish_forever(self) -> None:
        told = ""
        while True:
            try:
                await self._publish()
            except Exception as error:  # the next picture may be better
                words = f"the web page cannot show the picture ({type(error).__name__}: {error})"
                if words != told:
                    self._say(words)
                told = words
                await self._news_once()

    async def _publish(self) -> None:
        """Encode the newest picture whenever somebody looks, until something goes wrong."""
        loop = asyncio.get_running_loop()
        due_s = 0.0
        while True:
            await asyncio.sleep(max(0.0, due_s - loop.time()))
            news, newest = self._news, self.hub.newest
            done = self._picture.number if self._picture is not None else 0
            if newest is None or not self.lookers or newest.number == done:
                await news.wait()
                continue
            due_s = loop.time() + self.picture_every_s()
            jpeg = await loop.run_in_executor(self._encoder, jpeg_of, newest.annotated.picture)
            if self.lookers:
                self._picture = Picture(newest.number, jpeg)
                self._tell_all()
