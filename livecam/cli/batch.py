"""`livecam batch`: measures clips and pictures into an archive, and reports."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from livecam.assembly.archive_packages import check_archive_packages
from livecam.assembly.batch import Batch, BatchReport
from livecam.assembly.batch_runner import open_runner
from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.model_from_settings import ModelChoice, choose_model
from livecam.assembly.packed_model import pack_model
from livecam.assembly.part_settings import part_settings
from livecam.cli.batch_command import BatchFlags
from livecam.cli.batch_progress import batch_progress, report_lines
from livecam.cli.console import never_print, say
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.core.archive.manifest import Manifest
from livecam.core.archive.sources import BatchSource
from livecam.core.formatting import counted
from livecam.core.labels import FEW_CLASSES, chosen_classes
from livecam.core.redaction import looks_like_address, secrets_in, without_credentials
from livecam.core.split_limit import split_limit
from livecam.errors import SettingsError
from livecam.pipeline.capture_time import local_now
from livecam.settings.schema import InputLimitSettings, MapSettings, ModelSettings
from livecam.sinks.archive.archive import Archive
from livecam.sources.batch_sources import FROM_STDIN, batch_sources

NOTHING_MEASURED, PARTLY_MEASURED = 3, 4
ALL = "all"
"""Stands for all classes of a network that has few, instead of a name."""


def run_batch(
    paths: Sequence[str],
    flags: BatchFlags,
    model: ModelSettings,
    map_settings: MapSettings,
    limits: InputLimitSettings,
) -> int:
    """Measure and report; gives the exit code. Ctrl-C keeps all that was measured.

    Raises:
        LivecamError: there is nothing to measure, or model or archive cannot be used.
    """
    check_archive_packages()
    choice, classes = _chosen(model)
    options = MeasureOptions(
        classes,
        map_settings,
        _spacing_s(flags.looks_per_second),
        _segment_s(flags.segment),
        features=flags.features,
        boxes=flags.boxes,
        limits=limits.limits,
    )
    if flags.out is None:
        raise SettingsError("livecam batch needs --out ARCHIVE, the folder of the archive.")
    if looks_like_address(str(flags.out)):
        raise SettingsError(
            f"--out {without_credentials(str(flags.out))}: an archive is a folder of this machine: "
            "give a path, also of a store that is mounted."
        )
    with StopSignals() as signals:
        try:
            sources = _sources(paths)
            report = _measure(sources, flags, choice, options, signals)
        except Stopped:
            return signals.exit_code or 1
    for line in report_lines(report):
        say(line)
    return signals.exit_code or _exit_code(report)


def _measure(
    sources: Sequence[BatchSource],
    flags: BatchFlags,
    choice: ModelChoice,
    options: MeasureOptions,
    signals: StopSignals,
) -> BatchReport:
    """Everything between the list of sources and the report."""
    with ExitStack() as stack:
        assert flags.out is not None  # noqa: S101  (checked before)
        archive = stack.enter_context(Archive(flags.out))
        packed = pack_model(choice, say)
        settings = part_settings(packed, options, grid=flags.grid)
        _say_what_else_is_there(archive.manifest, settings.hash)
        archive.describe_settings(settings.hash, settings.about)
        make_runner = partial(open_runner, packed, settings, flags.processes, flags.ray)
        runner = stack.enter_context(make_runner(say))
        signals.stop_asked()  # from here on a signal only sets the flag
        batch = Batch(archive, settings.hash, local_now, signals.stop_asked)
        # Workers that a further signal left behind would be waited for.
        stack.callback(signals.begin_closing)
        with batch_progress(say) as on_progress:
            return batch.run(sources, runner, on_progress)


def _say_what_else_is_there(manifest: Manifest, settings: str) -> None:
    """Tables of other settings stay beside this one, unmixed."""
    others = {entry.settings for entry in manifest.parts()} - {settings}
    if others:
        named = ", ".join(sorted(others))
        say(f"the archive has {counted(len(others), 'table')} of other settings ({named})")
        say(f"this one is {settings}: it is written beside; livecam find --settings {settings}")


def _sources(paths: Sequence[str]) -> list[BatchSource]:
    """What is to be measured."""
    if not paths:
        raise SettingsError(
            "nothing to measure: give clips, pictures, folders or globs, or - for a list on "
            "standard input."
        )
    if paths.count(FROM_STDIN) and sys.stdin is not None and sys.stdin.isatty():
        raise SettingsError(
            '- takes a list from standard input: find . -name "*.mp4" | livecam batch - --out A'
        )
    found = batch_sources(paths, _read_list, say)
    never_print(
        secret for source in found if source.is_remote for secret in secrets_in(source.location)
    )
    if not found:
        raise SettingsError("the list on standard input is empty.")
    return found


def _read_list() -> bytes:
    return b"" if sys.stdin is None else sys.stdin.buffer.read()


def _chosen(model: ModelSettings) -> tuple[ModelChoice, tuple[int, ...]]:
    """The network and the classes of the pass: those that are named; else all, where it has few.

    Raises:
        SettingsError: there is no such network or class, or it has too many to measure them all.
    """
    named = model.classes or ()
    is_all = any(name.strip().casefold() == ALL for name in named)
    choice = choose_model(replace(model, classes=None) if is_all else model)
    labels = choice.spec.labels
    if is_all and labels.has(ALL):  # a class of this name
        return choice, chosen_classes(labels, named)
    every = tuple(labels.class_choices)
    if len(every) <= FEW_CLASSES and (is_all or choice.follows or not named):
        return choice, every
    if not (is_all or choice.follows):
        return choice, choice.classes
    asked = f"--class {ALL}" if is_all else "--class auto" if named else "without --class"
    first, second = (labels.first_names[index] for index in every[:2])
    raise SettingsError(
        f"{asked}: this network has {len(every)} classes, and only of {FEW_CLASSES} at most all "
        f'are measured. Name those of the table, like --class "{first}" --class "{second}" '
        "('livecam classes' lists imagenet's); its column `seen` has the most probable class of "
        "every look."
    )


def _spacing_s(text: str) -> float:
    """Seconds between two looks; 0 for every frame."""
    if text.strip().casefold() == "all":
        return 0.0
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 1e-4 <= rate <= 1000:
        raise SettingsError(
            f"--looks-per-second {text}: give a number like 1 or 0.1, or all for every frame."
        )
    return 1.0 / rate


def _segment_s(text: str) -> float:
    try:
        seconds = split_limit(text).seconds
    except ValueError:
        seconds = None
    if seconds is None:
        raise SettingsError(f"--segment {text}: give a time like 90s, 10m or 1h.")
    return seconds


def _exit_code(report: BatchReport) -> int:
    if not (report.failed or report.damaged):
        return 0
    is_anything = report.rows or report.known or report.damaged
    return PARTLY_MEASURED if is_anything else NOTHING_MEASURED
