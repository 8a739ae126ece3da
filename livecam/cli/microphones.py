"""`livecam microphones`: the microphones, as a table or as JSON."""

import dataclasses
import json

from livecam.cli.console import say
from livecam.cli.tables import print_table
from livecam.core.printable_text import printable
from livecam.sources.microphone.portaudio import list_microphones


def print_microphones(*, as_json: bool) -> int:
    """Print the microphones to standard output.

    Raises:
        SettingsError: a library is missing.
        SourceError: the system's sound does not answer.
    """
    listed = list_microphones()
    if as_json:
        print(json.dumps([dataclasses.asdict(one) for one in listed], indent=1))
        return 0
    if not listed:
        say("no microphone found")
        return 0
    rows = [
        (
            str(one.number),
            printable(one.name) + " (default)" * one.is_default,
            f"--microphone {one.number}",
            one.system,
            str(one.channels),
            f"{one.rate} Hz",
        )
        for one in listed
    ]
    print_table(("number", "name", "chosen by", "system", "channels", "rate"), rows)
    say("a part of the name works, too: livecam --record out.mp4 --microphone yeti")
    return 0
