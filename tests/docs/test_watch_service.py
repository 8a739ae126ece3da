"""The files of docs/services/ are true: unit, settings and container, as far as can be checked."""

import configparser
import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from livecam.cli.config import flat_settings
from livecam.settings.day_records import DayRecordSettings
from livecam.settings.notify import NotifySettings
from livecam.settings.schema import Settings
from livecam.settings.watch import EventFolderSettings, WatchSettings

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "docs" / "services"
UNITS = [SERVICES / "livecam-watch.service", ROOT / "docs" / "tutorials" / "livecam.service"]
CONTAINER = (SERVICES / "Containerfile").read_text("utf-8")
OWN = (WatchSettings, EventFolderSettings, NotifySettings, DayRecordSettings)


def names_of(*groups):
    return {field.name.replace("_", "-") for group in groups for field in fields(group)}


def instructions():
    """(INSTRUCTION, words) of the container file."""
    text = re.sub(r"^#.*\n", "", CONTAINER, flags=re.MULTILINE).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_unit(unit, tmp_path):
    """The program and the folders are not there on this machine; nothing else may be wrong."""
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("the program systemd-analyze is missing: it checks units")
    text = unit.read_text("utf-8").replace("/opt/livecam/bin/livecam", sys.executable)
    copy = tmp_path / unit.name
    copy.write_text(text)
    run = subprocess.run([verify, "verify", copy], capture_output=True, text=True, check=False)
    assert copy.name not in run.stderr, run.stderr
    copy.write_text(text.replace("Restart=on-failure", "Restart=sometimes"))
    run = subprocess.run([verify, "verify", copy], capture_output=True, text=True, check=False)
    assert copy.name in run.stderr  # it does look


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_unit_treats_exit_codes_and_signals_as_livecam_has_them(unit):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit)
    service = parser["Service"]
    assert service["RestartPreventExitStatus"] == "2"
    assert service["SuccessExitStatus"] == "143"
    command = service["ExecStart"].split()
    assert command[0] == "/opt/livecam/bin/livecam"
    assert command[1] in {"watch", "serve"}


def test_every_setting_of_the_service_exists_and_cameras_have_their_own():
    content = tomllib.loads((SERVICES / "livecam-watch.toml").read_text("utf-8"))
    cameras = content.pop("camera")
    assert content.keys() <= names_of(*OWN) | {name for name, _ in flat_settings(Settings())}
    for table in cameras.values():
        assert "source" in table
        assert table.keys() <= {"source"} | names_of(WatchSettings)


def test_the_container_file_has_known_instructions_in_an_order_that_works():
    found = instructions()
    assert [name for name, _ in found] == [
        "FROM", "RUN", "COPY", "RUN", "RUN", "USER", "WORKDIR", "ENV", "VOLUME", "EXPOSE",
        "HEALTHCHECK", "ENTRYPOINT", "CMD",
    ]  # fmt: skip
    words = dict(found)
    assert json.loads(words["ENTRYPOINT"]) == ["livecam", "watch"]
    assert json.loads(words["CMD"]) == ["/etc/livecam-watch.toml"]
    version = re.search(r"python:(\d+)\.(\d+)", words["FROM"])
    assert (int(version[1]), int(version[2])) >= (3, 11)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = re.search(r"/src\[([\w,]+)\]", CONTAINER)[1].split(",")
    assert set(extras) <= project["optional-dependencies"].keys()
    assert "livecam" in project["scripts"]


def test_the_health_check_of_the_container_runs_and_is_red_without_a_page():
    check = re.search(r"CMD (\[\"python\".*\])$", dict(instructions())["HEALTHCHECK"])[1]
    _, flag, code = json.loads(check)
    code = code.replace(":8765", ":1")
    run = subprocess.run(
        [sys.executable, flag, code], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 1
    assert "refused" in run.stderr


def test_the_pages_name_files_that_are_there():
    page = (ROOT / "docs" / "watch_service.md").read_text("utf-8")
    included = re.findall(r"literalinclude\} (\S+)", page)
    assert sorted(included) == sorted(
        path.relative_to(ROOT / "docs").as_posix() for path in SERVICES.iterdir()
    )
