"""Opens the microphone of --microphone, and refuses it where its sound would be another's."""

from collections.abc import Iterator
from contextlib import contextmanager

from livecam.assembly.run_context import RunContext
from livecam.core.live_sound import HasSound, LiveSound
from livecam.core.protocols import Source
from livecam.errors import SettingsError
from livecam.settings.schema import Settings

KEPT_S = 30.0
"""Of sound, beside what --clip-before asks for: so long may the disk stand still."""


def check_microphone(source: Source, settings: Settings) -> None:
    """Find out early whether there is such a microphone, and a camera that it is for.

    Args:
        source: not opened yet; asked again once it is.
        settings: all of them.

    Raises:
        SettingsError: it is not for such a source, or a library is missing.
        SourceError: there is no such microphone.
    """
    name = settings.recording.microphone_name
    if name is None:
        return
    _refuse_other_sources(source)
    from livecam.sources.microphone.portaudio import choose_microphone, list_microphones

    choose_microphone(name, list_microphones())


@contextmanager
def microphone_of(source: Source, context: RunContext) -> Iterator[LiveSound | None]:
    """The microphone, open; None without --microphone.

    Args:
        source: opened.
        context: its messages say what happens to the microphone.

    Raises:
        SettingsError: it is not for such a source, or a library is missing.
        SourceError: it does not open.
    """
    chosen = context.settings.recording
    name = chosen.microphone_name
    if name is None:
        yield None
        return
    _refuse_other_sources(source)
    if isinstance(source, HasSound) and source.has_sound:
        raise SettingsError(
            f"--microphone is for cameras without sound, and {source.title} has its own: leave "
            "--microphone out; 'livecam watch' records the sound of streams."
        )
    from livecam.sources.live.clock_and_threads import SYSTEM
    from livecam.sources.microphone.microphone import Microphone
    from livecam.sources.microphone.portaudio import PortAudioOpener

    microphone = Microphone(
        PortAudioOpener(name, SYSTEM.clock),
        keep_s=chosen.clip_before + KEPT_S,
        notify=context.screen_messages.post,
    )
    with microphone:
        kind = "mono" if microphone.channels == 1 else "stereo"
        context.say(f"microphone: {microphone.title}, {kind}, {microphone.rate} Hz")
        yield microphone


def _refuse_other_sources(source: Source) -> None:
    if not source.is_live:
        raise SettingsError(
            f"--microphone is for cameras: {source.title} is none, and a clip keeps its own sound. "
            "Leave --microphone out."
        )
