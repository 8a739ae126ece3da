"""An ordinary, fast-start file from a killed or a fragmented one, without encoding again."""

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
from livecam.sinks.recording.container_format import Container, container_of


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a rewritten file has."""

    path: Path
    frames: int
    duration_s: float


def repair(path: Path, target: Path | None = None, *, force: bool = False) -> Rewritten:
    """Write an ordinary file with everything that can be had of a killed one.

    Args:
        path: the killed file; it stays as it is.
        target: the new file; None for NAME_repaired beside it.
        force: whether an existing target may be replaced.

    Raises:
        SettingsError: the names are impossible or taken.
        SourceError: nothing can be had.
        SinkError: the new file cannot be written.
    """
    if path.is_dir():
        raise SettingsError(f"{path} is a folder: give the recording itself.")
    kind = container_of(target, "--output") if target else container_of(path, "repair")
    if not path.exists():
        raise SourceError(f"{path} does not exist: check the name.")
    target = target or path.with_name(f"{path.stem}_repaired{path.suffix}")
    refuse_existing(target, force=force)
    if path.resolve() == target.resolve():
        raise SettingsError(f"{path} would be written over itself: give another --output.")
    with _part_of(target) as part:
        done = _copied(path, part, kind, {})
        if not done.frames:
            raise SourceError(f"{path} has no frame that can be had: nothing can be repaired.")
        part.put_in_place(target)
    return Rewritten(target, done.frames, done.duration_s)


def make_ordinary(path: Path, frames: int, metadata: Mapping[str, str]) -> bool:
    """Rewrite a closed recording in its place, playable from its first bytes on.

    A crash in the middle leaves the file as it was. Gives whether it was done; the file is an
    ordinary one, with its index at the end, also where not.
    """
    path = path.resolve()
    with suppress(SinkError, SourceError, OSError), _part_of(path) as part:
        if _copied(path, part, container_of(path), metadata).frames == frames:
            part.put_in_place(path)
            return True
    return False


class _part_of:  # noqa: N801  (reads as a phrase: with _part_of(path))
    """A new file under a name of its own beside `path`; gone again unless it is put in place."""

    def __init__(self, path: Path) -> None:
        self.target = path
        self.path = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> Self:
        return self

    def put_in_place(self, target: Path) -> None:
        try:
            with self.path.open("r+b") as file:  # Windows syncs only what may be written
                os.fsync(file.fileno())
            self.path.replace(target)
        except OSError as error:
            raise _no_room(target, error) from error

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # ours alone, and nobody's recording
            self.path.unlink(missing_ok=True)


def _no_room(path: Path, error: BaseException) -> SinkError:
    return SinkError(f"{path} could not be written ({reason_of(error)}): check folder and disk.")


def _copied(path: Path, part: _part_of, kind: Container, metadata: Mapping[str, str]) -> Rewritten:
    """Copy every packet that can be had."""
    try:
        source = av.open(file_url(path))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise SourceError(
            f"{path} did not open ({reason_of(error)}): there is nothing to be had in it."
        ) from error
    with source:
        if not source.streams.video:
            raise SourceError(f"{path} has no video: nothing can be repaired.")
        try:
            url, options = file_url(part.path), dict(kind.ordinary)
            with av.open(url, "w", format=kind.format, options=options) as sink:
                return _copy_packets(source, sink, metadata, path)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise _no_room(part.target, error) from error


def _copy_packets(source: Any, sink: Any, metadata: Mapping[str, str], path: Path) -> Rewritten:
    sink.metadata.update({**source.metadata, **metadata})
    taken = [source.streams.video[0], *source.streams.audio[:1]]
    outputs = {stream.index: _like(sink, stream) for stream in taken}
    last_stamps: dict[int, int] = {}
    frames, end_s = 0, 0.0
    for packet in _readable(source, taken):
        index = packet.stream.index
        if packet.dts <= last_stamps.get(index, packet.dts - 1):
            continue
        last_stamps[index] = packet.dts
        if packet.stream.type == "video":
            frames += 1
            end_s = max(end_s, float((packet.pts + packet.duration) * packet.time_base))
        packet.stream = outputs[index]
        sink.mux_one(packet)
    return Rewritten(path, frames, end_s)


def _like(sink: Any, stream: Any) -> Any:
    output = sink.add_stream_from_template(stream, opaque=True)
    output.time_base = stream.time_base
    if stream.codec_context.name == "hevc" and sink.format.name == "mp4":
        output.codec_context.codec_tag = "hvc1"
    return output


def _readable(source: Any, streams: Any) -> Iterator[Any]:
    """The packets up to the end or the first damage."""
    with suppress(av.error.InvalidDataError):
        for packet in source.demux(streams):
            if packet.dts is not None and packet.pts is not None and not packet.is_corrupt:
                yield packet
