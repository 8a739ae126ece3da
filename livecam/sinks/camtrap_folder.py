"""Writes a Camtrap DP package: three tables and their description, whole or not at all."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from livecam.core.archive.camtrap_dp import (
    DEPLOYMENT_FIELDS,
    MEDIA_FIELDS,
    OBSERVATION_FIELDS,
    CamtrapPackage,
    Row,
)
from livecam.sinks.new_files import NewFiles
from livecam.sinks.output_paths import refuse_existing
from livecam.sinks.whole_file import write_whole

FLAG = "--camtrap-dp"
DESCRIPTION = "datapackage.json"
_FILES = ("deployments.csv", "media.csv", "observations.csv", DESCRIPTION)


def refuse_existing_package(folder: Path, *, force: bool) -> None:
    """Raise SettingsError where a file of a package is there already, and may not be replaced."""
    for name in _FILES:
        refuse_existing(folder / name, force=force, folder_is_made=True)


def write_package(folder: Path, package: CamtrapPackage) -> None:
    """Write it; the description last: where it is, the tables are. After an error nothing is new.

    Raises:
        SinkError: the folder cannot be made, or a file not written.
    """
    files = {
        "deployments.csv": _csv(DEPLOYMENT_FIELDS, package.deployments),
        "media.csv": _csv(MEDIA_FIELDS, package.media),
        "observations.csv": _csv(OBSERVATION_FIELDS, package.observations),
        DESCRIPTION: json.dumps(package.description, indent=2, ensure_ascii=False) + "\n",
    }
    with NewFiles() as new:
        new.make_folder(folder, FLAG)
        for name, content in files.items():
            write_whole(new.expect(folder / name), content, FLAG)


def _csv(fields: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
