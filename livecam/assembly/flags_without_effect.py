"""Flags that are given and do nothing in this run: each is reported in one line, and it goes on."""

from collections.abc import Callable, Sequence
from dataclasses import fields

from livecam.core.network_size import InputSize
from livecam.core.protocols import Seekable, Source
from livecam.settings.combinations import flags_without_screen
from livecam.settings.schema import CameraSettings, Settings

Say = Callable[[str], None]

_FOR_STREAMS = frozenset({"rate", "latency", "lost", "give_up"})
_FOR_ADDRESSES = frozenset({"give_up"})  # a file may have been waited for, too


def report_flags_without_screen(settings: Settings, say: Say) -> None:
    """Report what only a screen shows, where there is none, and the flags that may be meant."""
    unused = flags_without_screen(settings)
    if not unused:
        return
    for_recordings = {"--no-figures": "--no-record-figures", "--top-five": "--record-top"}
    others = [for_recordings[flag] for flag in unused if flag in for_recordings]
    output = settings.output
    outputs = {"recordings": output.record, "saved pictures": output.save_pictures}
    named = " and ".join(name for name, given in outputs.items() if given is not None)
    hint = f"; for {named}: {', '.join(others)}" if others and named else ""
    say(f"{_have_no_effect(unused)} without a window{hint}")


def report_camera_flags(source: Source, source_text: str, settings: Settings, say: Say) -> None:
    """Report flags of cameras and streams that have no effect, because the source is neither.

    Args:
        source: opened, because only then a URL is known to be a stream or a file.
        source_text: SOURCE as typed.
        settings: all of them.
        say: receives one line, or none.
    """
    is_stream = "://" in source_text
    if source.is_live and not is_stream:
        return
    asked = settings.camera
    used = _FOR_STREAMS if source.is_live else _FOR_ADDRESSES if is_stream else frozenset()
    defaults = CameraSettings()
    unused = [
        f"--{field.name.replace('_', '-')}"
        for field in fields(asked)
        if field.name not in used and getattr(asked, field.name) != getattr(defaults, field.name)
    ]
    if settings.recording.pause == "freeze" and not source.is_live:
        unused.append("--pause freeze")
    if unused:
        what = "is a stream" if source.is_live else "is neither a camera nor a live stream"
        say(f"{_have_no_effect(unused)}: {source.title} {what}")


def report_playback_flags(source: Source, settings: Settings, say: Say) -> None:
    """Report flags of playing a clip or folder that have no effect on another source."""
    if isinstance(source, Seekable) and source.can_seek:
        return
    window = settings.window
    asked = {"--speed": window.speed != 1.0, "--at-end loop": window.at_end == "loop"}
    unused = [flag for flag, given in asked.items() if given]
    if unused:
        what = f"{source.title} is neither a clip nor a folder on this machine"
        say(f"{_have_no_effect(unused)}: {what}")


def report_detail_flag(title: str, takes: InputSize, settings: Settings, say: Say) -> None:
    """Report --detail where the network takes one size of pictures alone."""
    detail = settings.map.detail
    if takes.is_fixed and detail != 1:
        size = f"{takes.side_px} x {takes.side_px}"
        say(f"{_have_no_effect([f'--detail {detail}'])}: {title} takes pictures of {size} alone")


def _have_no_effect(flags: Sequence[str]) -> str:
    return f"{', '.join(flags)} {'has' if len(flags) == 1 else 'have'} no effect"
