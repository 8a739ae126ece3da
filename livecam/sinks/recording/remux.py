"""Remuxing without encoding again: `livecam repair`, and the index in front of finished files."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import av

from livecam.core.formatting import reason_of
from livecam.errors import SettingsError, SinkError, SourceError
from livecam.native.ffmpeg_url import file_url
from livecam.sinks.output_paths import refuse_existing
from livecam.sinks.recording.container_format import ContainerFormat, container_format_of


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
        SourceError: nothing can be read.
        SinkError: the new file cannot be written.
    """
    if path.is_dir():
        raise SettingsError(f"{path} is a folder: give the recording itself.")
    named = (target, "--output") if target else (path, "repair")
    container_format = container_format_of(*named)
    if not path.exists():
        raise SourceError(f"{path} does not exist: check the name.")
    target = target or path.with_name(f"{path.stem}_repaired{path.suffix}")
    refuse_existing(target, force=force)
    if path.resolve() == target.resolve():
        raise SettingsError(f"{path} would be written over itself: give another --output.")
    with _PartFile(target) as part:
        done = _remux(path, part, container_format, {})
        if not done.frames:
            raise SourceError(f"{path} has no readable frame: nothing can be repaired.")
        part.move_to(target)
    return RemuxedFile(target, done.frames, done.duration_s)


def remux_in_place(path: Path, frames: int, metadata: Mapping[str, str]) -> bool:
    """Replace a closed recording by the same with its index in front, and more metadata.

    A crash in the middle leaves the file as it was.

    Args:
        path: the recording; a link is followed.
        frames: how many it has: nothing is replaced where one would be lost.
        metadata: is added to the file's own.

    Returns:
        Whether it was replaced. Where not, it is an ordinary file all the same, with its index at
        the end.
    """
    path = path.resolve()
    with suppress(SinkError, SourceError, OSError), _PartFile(path) as part:
        if _remux(path, part, container_format_of(path), metadata).frames == frames:
            part.move_to(path)
            return True
    return False


class _PartFile:
    """A hidden file beside `target`, deleted at the end unless it was moved there."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.{os.getpid()}.part")

    def __enter__(self) -> Self:
        return self

    def move_to(self, target: Path) -> None:
        """Force the file onto the medium, and rename it.

        Raises:
            SinkError: that failed.
        """
        try:
            with self.path.open("r+b") as file:  # Windows syncs only what may be written
                os.fsync(file.fileno())
            self.path.replace(target)
        except OSError as error:
            raise _write_failure(target, error) from error

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def _write_failure(path: Path, error: BaseException) -> SinkError:
    return SinkError(f"{path} could not be written ({reason_of(error)}): check folder and disk.")


def _remux(
    path: Path, part: _PartFile, container_format: ContainerFormat, metadata: Mapping[str, str]
) -> RemuxedFile:
    """Copy every readable packet of a file into a part file."""
    try:
        source = av.open(file_url(path))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise SourceError(
            f"{path} did not open ({reason_of(error)}): nothing in it can be read."
        ) from error
    with source:
        if not source.streams.video:
            raise SourceError(f"{path} has no video: nothing can be repaired.")
        try:
            url, options = file_url(part.path), dict(container_format.final_options)
            with av.open(url, "w", format=container_format.name, options=options) as output:
                return _copy_packets(source, output, metadata, path)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise _write_failure(part.target, error) from error


def _copy_packets(source: Any, output: Any, metadata: Mapping[str, str], path: Path) -> RemuxedFile:
    output.metadata.update({**source.metadata, **metadata})
    copied = [source.streams.video[0], *source.streams.audio[:1]]
    streams = {stream.index: _add_stream(output, stream) for stream in copied}
    last_dts: dict[int, int] = {}
    step = 0 if output.format.name == "matroska" else 1  # between two stamps, at least
    frames, end_s = 0, 0.0
    for packet in _readable_packets(source, copied):
        index = packet.stream.index
        if packet.dts < last_dts.get(index, packet.dts - step) + step:
            continue
        last_dts[index] = packet.dts
        if packet.stream.type == "video":
            frames += 1
            end_s = max(end_s, float((packet.pts + packet.duration) * packet.time_base))
        packet.stream = streams[index]
        output.mux_one(packet)
    return RemuxedFile(path, frames, end_s)


def _add_stream(output: Any, template: Any) -> Any:
    stream = output.add_stream_from_template(template, opaque=True)
    stream.time_base = template.time_base
    if template.codec_context.name == "hevc" and output.format.name == "mp4":
        stream.codec_context.codec_tag = "hvc1"
    return stream


def _readable_packets(source: Any, streams: Any) -> Iterator[Any]:
    """The packets up to the end or the first damage."""
    with suppress(av.error.InvalidDataError):
        for packet in source.demux(streams):
            if packet.dts is not None and packet.pts is not None and not packet.is_corrupt:
                yield packet
