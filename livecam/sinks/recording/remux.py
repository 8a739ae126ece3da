"""Remuxing without encoding again: `livecam repair`, and the index in front of finished files."""

import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from livecam.core.formatting import reason_of
from livecam.errors import SettingsError, SinkError, SourceError
from livecam.native.ffmpeg_url import file_url
from livecam.native.real_path import real_path
from livecam.sinks.output_locks import OutputBusyError, lock_output
from livecam.sinks.output_paths import refuse_existing
from livecam.sinks.recording.container_format import ContainerFormat, container_format_of
from livecam.sinks.recording.container_health import is_whole
from livecam.sinks.recording.damaged_boxes import PatchedFile, what_is_there
from livecam.sinks.recording.part_file import PartFile, write_failure

HALF_STAMP_S = 0.5 / 90_000


@dataclass(frozen=True, slots=True)
class Extent:
    """Which part of a file is copied.

    Attributes:
        until_s: what is decoded then or later is left out; None for nothing.
        end_s: where the last picture ends; None for where the file says.
    """

    until_s: float | None = None
    end_s: float | None = None


WHOLE = Extent()


@dataclass(frozen=True, slots=True)
class RemuxedFile:
    """What was copied into a new file."""

    path: Path
    frames: int
    duration_s: float


def repair(path: Path, target: Path | None = None, *, force: bool = False) -> RemuxedFile:
    """Write a seekable file with every readable packet of a recording that was killed.

    Args:
        path: the killed file; it stays as it is.
        target: the new file; None for NAME_repaired beside it.
        force: whether an existing target may be replaced.

    Raises:
        SettingsError: the names are impossible or taken.
        SourceError: it is no file, or nothing can be read.
        SinkError: the new file cannot be written.
    """
    if os.path.isdir(path):  # noqa: PTH112  (whatever else it is comes after the suffix)
        raise SettingsError(f"{path} is a folder: give the recording itself.")
    named = (target, "--output") if target else (path, "repair")
    container_format = container_format_of(*named)
    _check_readable(path)
    target = target or path.with_name(f"{path.stem}_repaired{path.suffix}")
    refuse_existing(target, force=force)
    if real_path(path) == real_path(target):
        raise SettingsError(f"{path} would be written over itself: give another --output.")
    with _locked(target), PartFile(target) as part, what_is_there(path) as readable:
        done = _remux(path, part, container_format, {}, readable=readable)
        if not done.frames:
            raise SourceError(f"{path} has no readable frame: nothing can be repaired.")
        part.move_to(target)
    return RemuxedFile(target, done.frames, done.duration_s)


def repair_in_place(path: Path) -> bool:
    """Replace a recording that was killed by a whole file with every readable packet.

    A crash in the middle leaves the file as it was.

    Returns:
        Whether it was replaced: not where nothing can be read, or it cannot be written.
    """
    try:
        with PartFile(path) as part, what_is_there(path) as readable:
            done = _remux(path, part, container_format_of(path), {}, readable=readable)
            if done.frames:
                part.move_to(path)
            return bool(done.frames)
    except (SinkError, SourceError, OSError):
        return False


def _check_readable(path: Path) -> None:
    try:
        if not path.exists():
            raise SourceError(f"{path} does not exist: check the name.")
        if not path.is_file():
            raise SourceError(f"{path} is no ordinary file: give the recording itself.")
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise SourceError(f"{path} cannot be read ({reason_of(error)}): check the name.") from error


def is_whole_file(path: Path) -> bool:
    """Whether a recording was closed properly, so that a copy of it would be no better.

    It opens, its structure is complete, and all of its packets can be read.
    """
    try:
        # A named pipe would be waited for without end.
        if not path.is_file() or not is_whole(path):
            return False
        with av.open(file_url(path)) as source:
            copied = [*source.streams.video[:1], *source.streams.audio[:1]]
            packets = sum(1 for _ in _readable_packets(source, copied))
            counted = sum(stream.frames for stream in copied)
        return bool(packets) and packets >= counted
    except (av.error.FFmpegError, OSError, ValueError):
        return False


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    try:
        lock = lock_output(target)
    except OutputBusyError as error:
        raise SettingsError(f"{error}: give another --output.") from error
    try:
        yield
    finally:
        lock.release()


def remux_in_place(
    path: Path,
    frames: int,
    metadata: Mapping[str, str],
    extent: Extent = WHOLE,
    *,
    on_progress: Callable[[], None] = lambda: None,
) -> bool:
    """Replace a closed recording by the same with its index in front, and more metadata.

    A crash in the middle leaves the file as it was.

    Args:
        path: the recording; a link is followed.
        frames: how many it has: nothing is replaced where one would be lost.
        metadata: is added to the file's own.
        extent: what is left out because another file has it, and where the last picture ends.
        on_progress: called whenever the copy has grown.

    Returns:
        Whether it was replaced. Where not, it is an ordinary file all the same, with its index at
        the end.
    """
    path = real_path(path)
    with suppress(SinkError, SourceError, OSError), PartFile(path, on_progress) as part:
        done = _remux(path, part, container_format_of(path), metadata, extent)
        if done.frames == frames:
            part.move_to(path)
            return True
    return False


def _remux(
    path: Path,
    part: PartFile,
    container_format: ContainerFormat,
    metadata: Mapping[str, str],
    extent: Extent = WHOLE,
    *,
    readable: str | PatchedFile = "",
) -> RemuxedFile:
    """Copy every readable packet of a file, or of what is there of it, into a part file."""
    try:
        source: Any = av.open(readable or file_url(path))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise SourceError(
            f"{path} did not open ({reason_of(error)}): nothing in it can be read."
        ) from error
    with source:
        if not source.streams.video:
            raise SourceError(f"{path} has no video: nothing can be repaired.")
        try:
            with open_output(part, container_format) as output:
                output.metadata.update({**source.metadata, **metadata})
                frames, seconds = _copy_packets(source, output, extent)
                return RemuxedFile(path, frames, seconds)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise write_failure(part.target, error) from error


def open_output(part: PartFile, container_format: ContainerFormat) -> Any:
    """The muxer of a finished file, which writes into the part file; to be entered and left."""
    return av.open(
        part.opened(),
        "w",
        format=container_format.name,
        options=dict(container_format.final_options),
        buffer_size=1 << 18,
        io_open=part.opened,
    )


def _copy_packets(source: Any, output: Any, extent: Extent) -> tuple[int, float]:
    """Copy every readable packet of the extent; gives frames and seconds."""
    until_s = math.inf if extent.until_s is None else extent.until_s
    copied = [source.streams.video[0], *source.streams.audio[:1]]
    streams = {stream.index: add_copied_stream(output, stream) for stream in copied}
    last_dts: dict[int, int] = {}
    step = 0 if output.format.name == "matroska" else 1  # between two stamps, at least
    frames, end_s = 0, 0.0
    last: Any = None  # where its end is known it is written when no other has come
    for packet in _readable_packets(source, copied):
        index = packet.stream.index
        # By the order of decoding: pictures before the end may need one after it.
        is_late = packet.dts * packet.time_base > until_s - HALF_STAMP_S
        if is_late or packet.dts < last_dts.get(index, packet.dts - step) + step:
            continue
        last_dts[index] = packet.dts
        if packet.stream.type == "video":
            frames += 1
            end_s = max(end_s, float((packet.pts + packet.duration) * packet.time_base))
        packet.stream = streams[index]
        is_held = extent.end_s is not None and packet.stream.type == "video"
        ready, last = (last, packet) if is_held else (packet, last)
        if ready is not None:
            output.mux_one(ready)
    if last is not None:
        begin_s = float(last.pts * last.time_base)
        end_s = max(begin_s, extent.end_s or 0.0)
        last.duration = max(1, round((end_s - begin_s) / last.time_base))
        output.mux_one(last)
    return frames, end_s


def add_copied_stream(output: Any, template: Any) -> Any:
    """A stream of the muxer for packets of another container, unchanged."""
    stream = output.add_stream_from_template(template, opaque=True)
    stream.time_base = template.time_base
    if template.type == "video" and template.average_rate:  # else PyAV writes the decoder's guess
        stream.codec_context.framerate = template.average_rate
    if template.codec_context.name == "hevc" and output.format.name == "mp4":
        stream.codec_context.codec_tag = "hvc1"
    return stream


def _readable_packets(source: Any, streams: Any) -> Iterator[Any]:
    """The packets up to the end or the first damage."""
    with suppress(av.error.InvalidDataError):
        for packet in source.demux(streams):
            if packet.dts is not None and packet.pts is not None and not packet.is_corrupt:
                yield packet
