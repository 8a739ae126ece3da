"""Which sound a recording gets: that of its clip, of the microphone, or none."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import av

from livecam.core.formatting import reason_of
from livecam.core.live_sound import LiveSound
from livecam.core.protocols import Audible
from livecam.sinks.recording.container_format import ContainerFormat
from livecam.sinks.recording.live_sound_reader import LiveSoundReader
from livecam.sinks.recording.sound import SoundReader, sound_title
from livecam.sinks.recording.sound_encoder import PlacedPacket
from livecam.sinks.recording.timestamps import Timeline
from livecam.sinks.recording.video_file import VideoFile

WORTH_SAYING_S = 0.5  # of sound that goes on after the last picture


class RecordedSound(Protocol):
    """Gives packets of sound for one file after another."""

    stream: Any
    """The stream of the packets, as a template for a muxer."""

    @property
    def losses(self) -> list[str]:
        """What of the sound could not be kept, so far."""

    @property
    def cut_s(self) -> float:
        """Seconds of sound after the last picture; 0 where there is none."""

    def packets_between(
        self, timeline: Timeline, begin_pts: int, end_pts: int
    ) -> Iterator[PlacedPacket]:
        """The packets before `end_pts` that were not given yet, each with its time in the file.

        `begin_pts` is of the file's first picture; that of the first call for a file counts.
        """

    def begin_again(self) -> None:
        """What comes next goes into another file, whose time begins with the next call."""

    def close(self) -> None:
        """Free what was opened."""


def open_recorded_sound(
    sound: Audible | LiveSound | None,
    container_format: ContainerFormat,
    notify: Callable[[str], None],
) -> RecordedSound | None:
    """The sound, opened; None where there is none, or it cannot be opened, which is reported."""
    if sound is None:
        return None
    title = sound.title if isinstance(sound, LiveSound) else sound_title(sound.sound_path)
    try:
        if isinstance(sound, LiveSound):
            return LiveSoundReader(sound)
        return SoundReader(sound.sound_path, container_format, notify, zero_s=sound.began_s)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        if "no sound" not in str(error):
            notify(f"recording without sound: {title} ({reason_of(error)})")
        return None


def report_losses(file: VideoFile, sound: RecordedSound, notify: Callable[[str], None]) -> None:
    """Say what of the sound is not in a file that is complete."""
    if sound.cut_s > WORTH_SAYING_S:
        notify(
            f"{file.path.name}: the sound is cut at the end of the last picture, "
            f"{sound.cut_s:.1f} s before its own"
        )
    losses = sound.losses
    if file.refused_sound:
        losses.append(f"{file.refused_sound} were refused by the file")
    if losses:
        notify(f"{file.path.name}: parts of the sound are left out ({', '.join(losses)})")
