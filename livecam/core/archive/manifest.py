"""The lines of an archive's manifest: what was measured, with which settings, and what was not.

Lines are only ever appended. Of several with one key the last one counts; a last line that was
cut off counts for nothing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from livecam.core.archive.parts import SegmentStart

MANIFEST_FILE = "manifest.jsonl"
PARTS_FOLDER = "parts"

MANIFEST_FORMAT = 1
"""Version of the lines; each that describes settings says it. Raised when lines change in meaning;
what has no version is of the first one."""

TABLE_FORMAT = 1
"""Version of the table, part of its settings: raised when the same settings would give another."""

State = Literal["done", "failed", "removed"]


@dataclass(frozen=True, slots=True)
class SourceState:
    """A clip or a picture as it was when it was measured.

    Attributes:
        source: as the table names it.
        size_bytes: of the file.
        modified_ns: when it was changed last, in nanoseconds since 1970; 0 where nobody knows.
        checksum: of its content; "" where it could not be read.
    """

    source: str
    size_bytes: int
    modified_ns: int
    checksum: str = ""

    def is_unchanged(self, now: "SourceState") -> bool:
        """Whether the file is still the same, as far as its size and date tell."""
        return (self.size_bytes, self.modified_ns) == (now.size_bytes, now.modified_ns)


@dataclass(frozen=True, slots=True)
class PartEntry:
    """What the manifest says of one part of the table.

    Attributes:
        key: stands for sources, segment and settings; the last entry of a key counts.
        state: "done", "failed" (it has no file), or "removed" (it had one).
        settings: hash of the settings that it was measured with.
        sources: the clip, or the pictures.
        segment: number of the clip's segment.
        part: its file, from the archive's folder on, with /; "" without one.
        rows: how many it has.
        later: where the clip's later segments begin; of its first one only.
        problem: what failed, or could not be read; "" for nothing.
        measured_at: wall-clock time, ISO 8601.
    """

    key: str
    state: State
    settings: str
    sources: tuple[SourceState, ...]
    segment: int = 0
    part: str = ""
    rows: int = 0
    later: tuple[SegmentStart, ...] = ()
    problem: str = ""
    measured_at: str = ""

    def to_line(self) -> str:
        """One line of JSON, with its end."""
        record = {
            "key": self.key,
            "state": self.state,
            "settings": self.settings,
            "sources": [
                [of.source, of.size_bytes, of.modified_ns, of.checksum] for of in self.sources
            ],
            "segment": self.segment,
            "part": self.part,
            "rows": self.rows,
            "problem": self.problem,
            "measured_at": self.measured_at,
        }
        if self.later:
            record["later"] = [
                [of.number, of.timestamp, of.packets, of.zero_timestamp, of.begins_s, of.ends_s]
                for of in self.later
            ]
        return json.dumps(record) + "\n"

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "PartEntry":
        """The entry of a line.

        Raises:
            KeyError, TypeError, ValueError: it is none.
        """
        return cls(
            key=str(record["key"]),
            state=record["state"],
            settings=str(record["settings"]),
            sources=tuple(SourceState(*values) for values in record["sources"]),
            segment=int(record["segment"]),
            part=str(record["part"]),
            rows=int(record["rows"]),
            later=tuple(SegmentStart(*values) for values in record.get("later", ())),
            problem=str(record["problem"]),
            measured_at=str(record["measured_at"]),
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What all lines say together.

    Attributes:
        entries: the one that counts of every key, in the order of their first lines.
        settings: what is known of each hash of settings, by hash.
        format: the latest version that any line says.
    """

    entries: Mapping[str, PartEntry]
    settings: Mapping[str, Mapping[str, Any]]
    format: int = MANIFEST_FORMAT

    def parts(self, settings: str | None = None) -> list[PartEntry]:
        """Those with a file, of these settings or of all."""
        return [
            entry
            for entry in self.entries.values()
            if entry.part and (settings is None or entry.settings == settings)
        ]


def settings_line(settings: str, about: Mapping[str, Any]) -> str:
    """The line that says what a hash of settings stands for."""
    line = {"format": MANIFEST_FORMAT, "settings": settings, "about": about}
    return json.dumps(line) + "\n"


def read_manifest(lines: Iterable[str]) -> Manifest:
    """What the lines say; lines that are none are passed over."""
    entries: dict[str, PartEntry] = {}
    settings: dict[str, Mapping[str, Any]] = {}
    latest = MANIFEST_FORMAT
    for record in _records(lines):
        version = record.get("format")
        latest = max(latest, version) if type(version) is int else latest
        try:
            if "about" in record:
                settings[str(record["settings"])] = record["about"]
                continue
            entry = PartEntry.from_record(record)
        except (KeyError, TypeError, ValueError):
            continue
        entries[entry.key] = entry
    return Manifest(entries, settings, latest)


def _records(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            yield record
