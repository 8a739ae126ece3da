"""Tables of cameras in a settings file of `livecam watch`, and what is stronger than they."""

from pathlib import Path

import pytest

from livecam.core.watching.event_rules import RuleLimits
from livecam.errors import SettingsError
from livecam.settings.camera_tables import MOST_CAMERAS, camera_tables
from livecam.settings.watch import WatchSettings

FILE = Path("garden.toml")
COMMON = WatchSettings(when=("daisy > 0.8",), before=3.0)


def tables(stronger=(), **found):
    return camera_tables(found, FILE, COMMON, stronger)


def test_a_table_changes_what_it_names_and_keeps_the_rest():
    bed, pot = tables(
        bed={"source": "rtsp://camera/"},
        pot={"source": 0, "when": ["bee > 0.5", "fly > 0.5"], "look-every": 0.1, "looks": "3/4"},
    )
    assert (bed.name, bed.source, bed.settings) == ("bed", "rtsp://camera/", COMMON)
    assert (pot.source, pot.settings.when) == ("0", ("bee > 0.5", "fly > 0.5"))
    assert (pot.settings.before, pot.settings.look_every) == (3.0, 0.1)
    assert pot.settings.limits == RuleLimits(3, 4, 2.0, 0.0, 600.0, 0.0)


def test_a_single_condition_is_a_text():
    (bed,) = tables(bed={"source": "0", "when": 'max("barn spider") > 3'})
    assert bed.settings.when == ('max("barn spider") > 3',)


def test_flags_and_variables_are_stronger():
    (bed,) = tables(["before"], bed={"source": "0", "before": 9.0, "after": 9.0})
    assert (bed.settings.before, bed.settings.after) == (3.0, 9.0)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "source is missing"),
        ({"source": ""}, "source is missing"),
        ({"source": True}, "source is missing"),
        ({"source": "0", "model": "flowers"}, "there is no model of a camera"),
        ({"source": "0", "before": "soon"}, "before"),
        ({"source": "0", "before": -1}, "before"),
        ({"source": "0", "keep": "all"}, "keep"),
        ({"source": "0", "when": "daisy > 80"}, "from 0 to 1"),
        ({"source": "0", "looks": "5/2"}, "2/3"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_table(table, words):
    with pytest.raises(SettingsError) as refused:
        tables(bed=table)
    message = str(refused.value)
    assert message.startswith("garden.toml, [camera.bed]: ")
    assert words in message
    assert "\n" not in message


def test_what_is_no_table_and_what_is_no_name_is_refused():
    with pytest.raises(SettingsError, match=r"write \[camera.NAME\]"):
        tables(bed="0")
    with pytest.raises(SettingsError, match="letters, digits"):
        tables(**{"a/b": {"source": "0"}})
    many = {f"bed{number}": {"source": "0"} for number in range(MOST_CAMERAS + 1)}
    with pytest.raises(SettingsError, match="more than 64"):
        tables(**many)
