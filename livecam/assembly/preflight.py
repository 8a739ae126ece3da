"""Cheap checks before anything is opened: contradictions, output files, window."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path

from livecam.assembly.flags_without_effect import report_flags_without_screen
from livecam.core.labels import Labels
from livecam.core.printable_text import quoted
from livecam.core.protocols import FromFiles, Seekable, Source
from livecam.errors import SettingsError
from livecam.native.real_path import real_path
from livecam.settings.combinations import (
    check_pause_flag,
    check_recording_flags,
)
from livecam.settings.schema import Settings
from livecam.sinks.display_check import display_problem
from livecam.sinks.output_paths import clean_path, is_same_file, stats_path
from livecam.sinks.record_target import record_target

Say = Callable[[str], None]


def check_classes_have_maps(labels: Labels, classes: Sequence[int]) -> None:
    """Raise SettingsError for a class without an activation map ("other")."""
    names = labels.first_names
    for index in classes:
        if index in labels.excluded:
            offered = ", ".join(names[i] for i in labels.class_choices)
            raise SettingsError(
                f"class {quoted(names[index])} stands for everything else and has no "
                f"activation map: use one of {offered}."
            )


def named_output_files(settings: Settings) -> dict[str, Path]:
    """The files that this run writes under names known before it begins, by their flags."""
    output, files, record = settings.output, {}, record_target(settings).file
    if record is not None:
        files["--record"] = record
        if settings.recording.record_clean:
            files["--record-clean"] = clean_path(record)
        if settings.recording.record_stats:
            files["--record-stats"] = stats_path(record)
    if output.stats not in (None, "-"):
        files["--stats"] = Path(str(output.stats))
    return files


def check_current_folder(settings: Settings) -> None:
    """Raise SettingsError for an output named from the current folder where that was deleted."""
    try:
        Path.cwd()
    except OSError as error:
        output = settings.output
        stats = None if output.stats in (None, "-") else Path(str(output.stats))
        named = {
            "--record": output.record,
            "--stats": stats,
            "--save-pictures": output.save_pictures,
        }
        for flag, path in named.items():
            if path is not None and not path.is_absolute():
                raise SettingsError(
                    f"{flag} {path}: the current folder is gone ({error.strerror}): change into "
                    "one that exists, or give the whole path."
                ) from error


def check_files_differ(source_text: str, settings: Settings) -> None:
    """Raise SettingsError where an output is the source itself or another output, forced or not."""
    files = {"SOURCE": Path(source_text), **named_output_files(settings)}
    for (name, path), (other, twin) in combinations(files.items(), 2):
        with suppress(OSError):  # a path that cannot be examined is reported elsewhere
            if real_path(path) == real_path(twin) or is_same_file(path, twin):
                raise SettingsError(f"{name} and {other} are the same file {path}: name another.")


def check_source_is_kept(source: Source, settings: Settings) -> None:
    """Raise SettingsError where an output is one of the source's files, forced or not."""
    if not isinstance(source, FromFiles):
        return
    for flag, output in named_output_files(settings).items():
        if output.exists() and any(is_same_file(output, path) for path in source.paths):
            raise SettingsError(
                f"{flag} {output} is one of the files of SOURCE: give another name."
            )


def should_open_window(settings: Settings, say: Say) -> bool:
    """Whether to open a window; reports why where there can be none.

    Raises:
        SettingsError: a window was asked for and is impossible, or there is no other output.
    """
    wanted, output = settings.window.window, settings.output
    problem = display_problem() if wanted is not False else None
    if wanted is not False and problem is None:
        return True
    if wanted:
        raise SettingsError(f"no window can be opened: {problem}. Leave --window out.")
    outputs = (output.record, output.stats, output.save_pictures)
    if not any(outputs) and not settings.serve.serve:
        why = f"no window can be opened: {problem}" if problem else "--no-window leaves no window"
        raise SettingsError(
            f"{why}, and there is no other output: add --serve, which shows a page in the browser, "
            "--record FILE.mp4, --stats FILE.jsonl or --save-pictures FOLDER."
        )
    check_recording_flags(settings)
    check_pause_flag(settings)
    if problem:
        say(f"no window: {problem}; continuing without one")
    report_flags_without_screen(settings, say)
    return False


def report_endless_file(source: Source, settings: Settings, say: Say) -> None:
    """Report that --keep-gb cannot limit the one file of a source without end."""
    pace, chosen = settings.pace, settings.recording
    ends = isinstance(source, Seekable) or pace.frames is not None or pace.seconds is not None
    if chosen.keep_gb is not None and chosen.split is None and not ends:
        say(
            "--keep-gb without --split: what is being written is one file that can grow without "
            "end, and is not deleted; add --split 1h, for example"
        )


def report_silent_clips(source: Source, settings: Settings, say: Say) -> None:
    """Report that the recording of a folder has no sound, although clips in it may have."""
    from livecam.sources.files.file_sequence import FileSequence

    wanted = settings.output.record is not None and settings.recording.sound == "keep"
    if wanted and isinstance(source, FileSequence) and source.has_clips:
        say(f"{source.title}: the sound of its clips is not recorded; that of a clip alone is")
