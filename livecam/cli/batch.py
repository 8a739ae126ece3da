"""`livecam batch`: measures clips and pictures into an archive, and reports."""

import os
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from livecam.assembly.batch import Batch
from livecam.assembly.measure_segment import MeasureOptions
from livecam.assembly.model_from_settings import choose_model
from livecam.assembly.packed_model import pack_model
from livecam.assembly.part_settings import part_settings
from livecam.assembly.part_task import PartResult, PartTask, PartWorker
from livecam.cli.batch_command import BatchFlags
from livecam.cli.console import say
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.core.formatting import counted
from livecam.core.split_limit import split_limit
from livecam.errors import SettingsError
from livecam.execution.process_pool import ProcessPool
from livecam.settings.schema import InputLimitSettings, MapSettings, ModelSettings
from livecam.sinks.archive.archive import Archive

NOTHING_OPENED, PARTLY = 3, 4


def run_batch(
    paths: Sequence[str],
    flags: BatchFlags,
    model: ModelSettings,
    map_settings: MapSettings,
    limits: InputLimitSettings,
) -> int:
    """Measure and report; gives the exit code.

    Raises:
        LivecamError: nothing to measure, or model or archive cannot be used.
    """
    if flags.out is None:
        raise SettingsError("livecam batch needs --out ARCHIVE: the folder of the archive.")
    choice = choose_model(model)
    options = MeasureOptions(
        choice.classes,
        map_settings,
        _spacing_s(flags.looks_per_second),
        _segment_s(flags.segment),
        features=flags.features,
        boxes=flags.boxes,
        limits=limits.limits,
    )
    with StopSignals() as signals:
        try:
            packed = pack_model(choice, say)
        except Stopped:
            return signals.exit_code or 1
        signals.stop_asked()
        settings = part_settings(packed, options, grid=flags.grid)
        workers = flags.processes or os.cpu_count() or 1
        threads = max(1, (os.cpu_count() or 1) // workers)
        make = partial(PartWorker, packed, settings, threads)
        with Archive(flags.out) as archive:
            archive.describe_settings(settings.hash, settings.about)
            batch = Batch(
                archive, settings.hash, lambda: datetime.now().astimezone(), signals.stop_asked
            )
            with ProcessPool[PartTask, PartResult](make, workers) as pool:
                report = batch.run([str(Path(p).absolute()) for p in paths], pool)
    say(f"{counted(report.rows, 'row')} in {counted(report.parts, 'part')}")
    for name, problem in report.failed.items():
        say(problem or name)
    if signals.exit_code:
        return signals.exit_code
    return PARTLY if report.failed or report.damaged else 0


def _spacing_s(text: str) -> float:
    if text == "all":
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
