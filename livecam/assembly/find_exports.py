"""What `livecam find` exports for other programs: a COCO data set, a Camtrap DP package."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livecam import __version__
from livecam.assembly.archived_clips import ArchivedClips
from livecam.assembly.find_outputs import Progress, names_of
from livecam.assembly.finding import Found
from livecam.core.archive.camtrap_dp import CamtrapInfo, CamtrapPackage, camtrap_package
from livecam.core.archive.columns import OBJECTS_COLUMN
from livecam.core.class_names import comparable_name
from livecam.core.formatting import counted
from livecam.core.printable_text import printable
from livecam.core.redaction import looks_like_address
from livecam.errors import SettingsError
from livecam.native.real_path import real_path
from livecam.sinks.camtrap_folder import write_package
from livecam.sinks.coco_folder import DOCUMENT, CocoFolder
from livecam.sources.archive.opened_archive import MOST_NAMED, OpenedArchive
from livecam.sources.remote_files import local_copy


@dataclass(frozen=True, slots=True)
class CameraPlace:
    """Where the camera stood, and what lives there.

    Attributes:
        latitude, longitude: in degrees.
        species: scientific names by class.
    """

    latitude: float
    longitude: float
    species: Mapping[str, str]


def camera_place(
    latitude: float | None, longitude: float | None, species: Sequence[str]
) -> CameraPlace:
    """What a Camtrap DP package needs beside the archive.

    Raises:
        SettingsError: the place is missing, or a species is not CLASS=NAME.
    """
    if latitude is None or longitude is None:
        raise SettingsError(
            "--camtrap-dp needs --latitude and --longitude, in degrees: the format asks where the "
            "camera stood."
        )
    names = {}
    for text in species:
        class_name, sign, name = text.partition("=")
        if not (sign and class_name.strip() and name.strip()):
            raise SettingsError(
                f'--species {printable(text)!r} is no CLASS=NAME: write "bee=Apis mellifera".'
            )
        names[comparable_name(class_name)] = name.strip()
    return CameraPlace(latitude, longitude, names)


def write_camtrap_package(
    found: Found, folder: Path, place: CameraPlace, progress: Progress, now: datetime
) -> None:
    """Write the moments, and all clips of the archive, as a Camtrap DP package.

    Raises:
        SettingsError: no clip has a time of day, which the format needs.
        SinkError: the disk failed.
        SourceLostError: the archive was changed meanwhile.
    """
    from livecam.sources.archive.clip_extents import clip_extents

    archive = found.archive
    extents = clip_extents(archive, progress.counting)
    title = str(archive.about.get("title") or "livecam")
    info = CamtrapInfo(
        f"{real_path(archive.folder).name}: {found.title}",
        place.latitude,
        place.longitude,
        place.species,
        f"livecam {__version__}, {title}",
        now,
    )
    with ArchivedClips(archive.folder, progress.say, copied=local_copy) as clips:
        addresses = {one.source: _address(one.source, clips) for one in extents}
    package = camtrap_package(extents, found.moments, addresses, info)
    if not package.media:
        raise SettingsError(
            f"no clip of {archive.folder} says when it was taken, and Camtrap DP needs that: "
            "record with a camera that has a clock, or with livecam."
        )
    for line in _left_out(package.left_out, folder):
        progress.say(line)
    write_package(folder, package)
    for line in _written(package, folder, place):
        progress.say(line)


def _written(package: CamtrapPackage, folder: Path, place: CameraPlace) -> Iterator[str]:
    """Lines about what was written."""
    yield (
        f"{folder}: {counted(len(package.observations), 'observation')} in "
        f"{counted(len(package.media), 'clip')}, "
        f"{counted(len(package.deployments), 'deployment')}"
    )
    if place.species:
        names = ", ".join(sorted(set(place.species.values())))
        yield (
            f"Camtrap DP knows animals only: observations of {printable(names, 200)} are of the "
            "type animal, those of a plant, too"
        )


def _left_out(sources: Sequence[str], folder: Path) -> Iterator[str]:
    """Lines that name the clips without a time of day."""
    if not sources:
        return
    yield f"{counted(len(sources), 'clip')} left out of {folder}, without a time of day:"
    yield from (f"  {printable(source, 200)}" for source in sources[:MOST_NAMED])
    if len(sources) > MOST_NAMED:
        yield f"  and {len(sources) - MOST_NAMED} more"


def _address(source: str, clips: ArchivedClips) -> str:
    """Of a clip, as a URL: the format takes no absolute paths."""
    if looks_like_address(source):
        return source
    path = clips.path_of(source) or Path(source)
    return path.absolute().as_uri()


def check_objects(archive: OpenedArchive) -> None:
    """Raise SettingsError where the archive has no boxes."""
    if not all(OBJECTS_COLUMN.name in one.columns for one in archive.footers):
        raise SettingsError(
            f"the archive {archive.folder} has no boxes: measure it with livecam batch --boxes."
        )


def write_coco(found: Found, folder: Path, progress: Progress) -> int:
    """Write the picture of each moment's strongest look, with its boxes, as a COCO data set.

    Gives how many clips could not be read.

    Raises:
        SinkError: the disk failed.
    """
    written = boxes = 0
    with (
        CocoFolder(folder, found.classes) as data_set,
        ArchivedClips(found.archive.folder, progress.say, copied=local_copy) as clips,
        progress.counting("writing pictures", len(found.moments)) as advance,
    ):
        for moment, name in zip(found.moments, names_of(found.moments), strict=True):
            if progress.stop_asked():
                break
            look = moment.strongest
            bgr = clips.picture_at(moment, look.time_s)
            if bgr is not None:
                about = {"source": moment.source, "frame": look.frame, "time_s": look.time_s}
                data_set.add(name, bgr, look.objects, about)
                written, boxes = written + 1, boxes + len(look.objects)
            advance()
    progress.say(
        f"{folder / DOCUMENT}: {boxes} {'box' if boxes == 1 else 'boxes'} in "
        f"{counted(written, 'picture')}"
    )
    return clips.unread
