"""`livecam find`: the moments of an archive, as table, JSON, CSV; clips, a page, exports."""

from pathlib import Path

from livecam.assembly.find_exports import (
    camera_place,
    check_objects,
    write_camtrap_package,
    write_coco,
)
from livecam.assembly.find_outputs import Progress, cut_moments, write_sheet
from livecam.assembly.finding import (
    Example,
    Found,
    Search,
    Wanted,
    find_alike,
    find_moments,
    open_for,
)
from livecam.cli.console import say
from livecam.cli.counting_bar import counting_on_terminal
from livecam.cli.find_command import FindFlags
from livecam.cli.find_report import csv_text, print_moments, print_summaries, report_object
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.core.archive.typed_time import typed_time
from livecam.core.conditions.parse import parse_held_condition
from livecam.core.formatting import counted
from livecam.core.printable_text import json_text
from livecam.errors import SettingsError
from livecam.pipeline.capture_time import local_now
from livecam.settings.schema import ModelSettings
from livecam.sinks.camtrap_folder import refuse_existing_package
from livecam.sinks.coco_folder import refuse_existing_data_set
from livecam.sinks.output_paths import refuse_existing

PARTLY_WRITTEN = 4


def run_find(folder: Path, condition: str | None, flags: FindFlags, model: ModelSettings) -> int:
    """Find and report; gives the exit code.

    Args:
        folder: the archive.
        condition: as typed; None with --like alone.
        flags: of the command.
        model: the network of --like, where it is one of somebody's own.

    Raises:
        LivecamError: the archive cannot be read, a file cannot be written.
    """
    _check(condition, flags)
    since = typed_time("--since", flags.since, is_end=False)
    until = typed_time("--until", flags.until, is_end=True)
    if since is not None and until is not None and until <= since:
        raise SettingsError(f"--until {flags.until} is not after --since {flags.since}.")
    wanted = parse_held_condition(condition) if condition is not None else None
    search = Search(wanted, since, until, flags.settings)
    with StopSignals() as signals:
        try:
            found = _found(folder, search, flags, model)
            signals.stop_asked()  # from here on a signal only sets the flag
            unread = _write(found, flags, Progress(counting_on_terminal, say, signals.stop_asked))
        except Stopped:
            return signals.exit_code or 1
        signals.begin_closing()
        _report(found, flags)
    return signals.exit_code or (PARTLY_WRITTEN if unread else 0)


def _write(found: Found, flags: FindFlags, progress: Progress) -> int:
    """Files first: they are there even if nobody reads standard output any more.

    Gives how many clips could not be read that they needed.
    """
    unread = 0
    if flags.sheet is not None:
        unread += write_sheet(found, flags.sheet, progress)
    if flags.clips is not None:
        unread += cut_moments(found, flags.clips, progress, force=flags.force)
    if flags.coco is not None:
        unread += write_coco(found, flags.coco, progress)
    if flags.camtrap_dp is not None:
        place = camera_place(flags.latitude, flags.longitude, flags.species)
        write_camtrap_package(found, flags.camtrap_dp, place, progress, local_now())
    return unread


def _found(folder: Path, search: Search, flags: FindFlags, model: ModelSettings) -> Found:
    from livecam.sources.archive.opened_archive import open_archive

    counting = counting_on_terminal
    wanted = Wanted(grid=flags.sheet is not None, objects=flags.coco is not None)
    archive = open_archive(folder, search.settings, search.days, counting)
    archive, search = open_for(archive, search, say)
    if flags.coco is not None:
        check_objects(archive)
    if flags.like is None:
        return find_moments(archive, search, counting, wanted)
    from livecam.assembly.like_features import features_like

    example = Example(features_like(flags.like, archive, model, say), flags.most)
    return find_alike(archive, search, example, counting, wanted)


def _check(condition: str | None, flags: FindFlags) -> None:
    if condition is None and flags.like is None:
        raise SettingsError(
            'nothing is looked for: give a condition like "daisy > 0.8 for 2s", or a picture with '
            "--like."
        )
    if flags.as_json and flags.as_csv:
        raise SettingsError("--json and --csv both go to standard output: leave one out.")
    if flags.sheet is not None:
        refuse_existing(flags.sheet, force=flags.force)
    if flags.coco is not None:
        refuse_existing_data_set(flags.coco, force=flags.force)
    if flags.camtrap_dp is not None:
        camera_place(flags.latitude, flags.longitude, flags.species)
        refuse_existing_package(flags.camtrap_dp, force=flags.force)


def _report(found: Found, flags: FindFlags) -> None:
    if flags.as_json:
        print(json_text(report_object(found, flags.by), indent=1))
    elif flags.as_csv:
        print(csv_text(found, flags.by), end="")
    elif not found.moments:
        say(f"no moment found in {counted(len(found.archive.footers), 'part')}")
    elif flags.by is not None:
        print_summaries(found.moments, flags.by)
    else:
        print_moments(found.moments)
