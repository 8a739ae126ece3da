"""Moments as Camtrap DP 1.0.2, the exchange format of camera traps: its tables and description.

https://camtrap-dp.tdwg.org; clips of one folder are one deployment of a camera.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any

from livecam.core.archive.clip_extent import ClipExtent
from livecam.core.archive.found_moment import FoundMoment
from livecam.core.class_names import comparable_name
from livecam.core.printable_text import printable

VERSION = "1.0.2"
_URL = f"https://raw.githubusercontent.com/tdwg/camtrap-dp/{VERSION}"

DEPLOYMENT_FIELDS = (
    "deploymentID", "locationID", "locationName", "latitude", "longitude",
    "coordinateUncertainty", "deploymentStart", "deploymentEnd", "setupBy", "cameraID",
    "cameraModel", "cameraDelay", "cameraHeight", "cameraDepth", "cameraTilt", "cameraHeading",
    "detectionDistance", "timestampIssues", "baitUse", "featureType", "habitat",
    "deploymentGroups", "deploymentTags", "deploymentComments",
)  # fmt: skip
MEDIA_FIELDS = (
    "mediaID", "deploymentID", "captureMethod", "timestamp", "filePath", "filePublic",
    "fileName", "fileMediatype", "exifData", "favorite", "mediaComments",
)  # fmt: skip
OBSERVATION_FIELDS = (
    "observationID", "deploymentID", "mediaID", "eventID", "eventStart", "eventEnd",
    "observationLevel", "observationType", "cameraSetupType", "scientificName", "count",
    "lifeStage", "sex", "behavior", "individualID", "individualPositionRadius",
    "individualPositionAngle", "individualSpeed", "bboxX", "bboxY", "bboxWidth", "bboxHeight",
    "classificationMethod", "classifiedBy", "classificationTimestamp",
    "classificationProbability", "observationTags", "observationComments",
)  # fmt: skip
"""All columns of each table, in their order; those that nobody fills are there, empty."""

_TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
    ".mkv": "video/x-matroska", ".avi": "video/x-msvideo", ".ts": "video/mp2t",
}  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CamtrapInfo:
    """What nobody can read off an archive.

    Attributes:
        title: of the project.
        latitude, longitude: where the camera stood, in degrees.
        species: scientific names by class.
        classified_by: the network.
        created: when the package is made.
    """

    title: str
    latitude: float
    longitude: float
    species: Mapping[str, str]
    classified_by: str
    created: datetime


@dataclass(frozen=True, slots=True)
class CamtrapPackage:
    """The tables.

    Attributes:
        deployments: rows of deployments.csv.
        media: rows of media.csv.
        observations: rows of observations.csv.
        description: datapackage.json.
        left_out: clips without a time of day, which the format needs.
    """

    deployments: Sequence[Row]
    media: Sequence[Row]
    observations: Sequence[Row]
    description: Mapping[str, Any]
    left_out: Sequence[str] = field(default=())


def camtrap_package(
    extents: Iterable[ClipExtent],
    moments: Iterable[FoundMoment],
    addresses: Mapping[str, str],
    info: CamtrapInfo,
) -> CamtrapPackage:
    """The package of all clips and the moments that were found in them.

    Args:
        extents: of every clip of the archive.
        moments: that were found.
        addresses: URLs of the clips, by their names.
        info: what the archive does not say.
    """
    clips = {one.source: one for one in extents}
    known = {name: one for name, one in clips.items() if one.first is not None}
    folders: dict[str, list[ClipExtent]] = {}
    for one in known.values():
        folders.setdefault(_folder_of(one.source), []).append(one)
    deployments = [_deployment(name, found, info) for name, found in folders.items()]
    observations = [
        _observation(moment, info)
        for moment in moments
        if moment.source in known and moment.start is not None
    ]
    return CamtrapPackage(
        deployments,
        [_media(one, addresses[one.source]) for one in known.values()],
        observations,
        _description(list(known.values()), info),
        [name for name in clips if name not in known],
    )


def _folder_of(source: str) -> str:
    return source.replace("\\", "/").rpartition("/")[0]


def _id_of(*parts: object) -> str:
    """The same at every export."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


def _stamp(at: datetime | None, *, is_end: bool = False) -> str:
    """In whole seconds, as the format wants it: an end is not before what it ends."""
    if at is None:
        return ""
    exact = at.astimezone(UTC)
    whole = exact.replace(microsecond=0)
    later = timedelta(seconds=bool(is_end and whole < exact))
    return f"{whole + later:%Y-%m-%dT%H:%M:%S}Z"


def _deployment(folder: str, clips: Sequence[ClipExtent], info: CamtrapInfo) -> Row:
    name = printable(PurePath(folder).name or "archive", 200)
    return {
        "deploymentID": _id_of(folder),
        "locationName": name,
        "latitude": f"{info.latitude:.6f}",
        "longitude": f"{info.longitude:.6f}",
        "deploymentStart": _stamp(min(one.first for one in clips if one.first)),
        "deploymentEnd": _stamp(max(one.end for one in clips if one.end), is_end=True),
        "cameraID": name,
        "deploymentComments": f"clips of the folder {name}; from the first look to the last",
    }


def _media(clip: ClipExtent, address: str) -> Row:
    suffix = PurePath(clip.source).suffix.casefold()
    kind = "image/jpeg" if clip.is_picture else "video/mp4"
    return {
        "mediaID": _id_of(clip.source),
        "deploymentID": _id_of(_folder_of(clip.source)),
        "captureMethod": "",
        "timestamp": _stamp(clip.first),
        "filePath": address,
        "filePublic": "false",
        "fileName": printable(PurePath(clip.source.replace("\\", "/")).name, 200),
        "fileMediatype": _TYPES.get(suffix, kind),
    }


def _observation(moment: FoundMoment, info: CamtrapInfo) -> Row:
    classes = moment.strongest.classes
    name = next(iter(classes), moment.strongest.seen)
    probability = classes[name].probability if name in classes else math.nan
    species = info.species.get(comparable_name(name), "")
    strongest = f"strongest at {moment.strongest.time_s:.2f} s of the clip, {moment.looks} looks"
    return {
        "observationID": _id_of(moment.source, moment.start_s, name),
        "deploymentID": _id_of(_folder_of(moment.source)),
        "mediaID": _id_of(moment.source),
        "eventStart": _stamp(moment.start),
        "eventEnd": _stamp(moment.end, is_end=True),
        "observationLevel": "media",
        "observationType": "animal" if species else "unclassified",
        "scientificName": species,
        "classificationMethod": "machine",
        "classifiedBy": info.classified_by,
        "classificationTimestamp": _stamp(info.created),
        "classificationProbability": (
            f"{min(max(probability, 0.0), 1.0):.6f}" if math.isfinite(probability) else ""
        ),
        "observationTags": f"class:{name}",
        "observationComments": strongest,
    }


def _description(clips: Sequence[ClipExtent], info: CamtrapInfo) -> Mapping[str, Any]:
    days = sorted(_stamp(one.first)[:10] for one in clips)
    ends = sorted(_stamp(one.end)[:10] for one in clips)
    return {
        "profile": f"{_URL}/camtrap-dp-profile.json",
        "name": "livecam-" + _id_of(info.title),
        "created": _stamp(info.created),
        "title": info.title,
        "contributors": [{"title": "livecam", "role": "contributor"}],
        "project": {
            "title": info.title,
            "samplingDesign": "opportunistic",
            "captureMethod": ["activityDetection"],
            "individualAnimals": False,
            "observationLevel": ["media"],
        },
        "spatial": {"type": "Point", "coordinates": [info.longitude, info.latitude]},
        "temporal": {"start": days[0] if days else "", "end": ends[-1] if ends else ""},
        "taxonomic": [{"scientificName": name} for name in sorted(set(info.species.values()))],
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": f"{_URL}/{name}-table-schema.json",
            }
            for name in ("deployments", "media", "observations")
        ],
    }
