"""`livecam teach`: learns classes from folders, clips and live; writes NAME.livecam."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from livecam.assembly.teaching import open_teaching_base, output_file, teaching_spec
from livecam.cli.console import say
from livecam.cli.settings_per_command import NOT_OF_TEACH, refuse_foreign_flags
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.cli.teach_command import TeachFlags
from livecam.cli.teach_samples import TeachRequest, look_at_samples, sample_folder, write_result
from livecam.core.formatting import counted
from livecam.core.printable_text import quoted
from livecam.core.protocols import Source
from livecam.core.teaching.samples import clip_sample_stem
from livecam.core.types import Frame
from livecam.errors import SettingsError, SourceError
from livecam.models.taught_file import SUFFIX, is_taught_file
from livecam.settings.schema import Settings
from livecam.sinks.output_paths import refuse_existing
from livecam.sinks.sample_folder import SampleFolder, class_name_problem
from livecam.sources.class_folders import class_folders, has_class_folders
from livecam.sources.files.special_files import announce_wait
from livecam.sources.open_source import create_source
from livecam.sources.source_argument import path_of_url

SAMPLES_FOLDER = Path("taught")
"""Where samples go that no folder is named for."""

MOST_KEYS = 9


def run_teach(
    source: str | None, flags: TeachFlags, settings: Settings, origins: Mapping[str, str]
) -> int:
    """Teach, and print what was learnt; gives the exit code.

    Args:
        source: a folder of class folders, or what new samples are taken of; None for the folder of
            --samples.
        flags: of the command.
        settings: of the network and the files, and of the window where keys take samples.
        origins: where settings came from, by name.

    Raises:
        LivecamError: something cannot be opened, learnt or written.
    """
    request = _request(None if source is None else path_of_url(source), flags, settings)
    opened = None if request.source is None else create_source(request.source, settings.scene)
    teaching_spec(settings.model)
    _check_outputs(request, flags, settings)
    if opened is not None and (opened.is_live or len(request.class_names) != 1):
        from livecam.cli.teach_live import teach_live

        request = _with_known_classes(request, is_live=opened.is_live)
        return teach_live(request, flags, settings)
    refuse_foreign_flags("teach", NOT_OF_TEACH, origins)
    with StopSignals() as signals:
        try:
            if opened is not None:
                signals.stop_asked()  # from here on a signal only sets the flag
                with sample_folder(request.samples) as folder:
                    _take_samples(opened, folder, request, flags, signals)
            signals.interrupt_again()  # weights may be fetched
            base = open_teaching_base(settings.model, say)
            signals.stop_asked()
            folders = class_folders(request.samples)
            teacher = base.teacher([folder.class_name for folder in folders])
            look_at_samples(folders, teacher, flags.per_class, signals.stop_asked)
        except Stopped:
            if opened is None:
                return signals.exit_code or 1
        except SourceError:
            if not signals.exit_code:  # a signal ends the wait for a pipe
                raise
        if signals.exit_code:
            if request.samples.is_dir():
                say(f"stopped; the samples are in {request.samples}, nothing was written")
            return signals.exit_code
        signals.begin_closing()
        write_result(request, flags, base, teacher)
    return 0


def _request(source: str | None, flags: TeachFlags, settings: Settings) -> TeachRequest:
    """What the command line asks for."""
    classes = settings.model.classes or ()
    if source is not None and not classes and has_class_folders(Path(source)):
        if flags.samples is not None:
            raise SettingsError(
                f"{source} has folders of its own, for classes: leave --samples out, or name the "
                "--class that all its pictures show."
            )
        return TeachRequest(Path(source), output_file(Path(source), flags.output))
    samples = flags.samples or SAMPLES_FOLDER
    output = output_file(samples, flags.output)
    if source is None:
        if classes or not samples.is_dir():
            raise SettingsError(
                "nothing to teach from: give a folder with one folder for each class, a clip with "
                "--class NAME, or a camera with a --class for each key."
            )
        return TeachRequest(samples, output)
    for name in classes:
        problem = class_name_problem(name)
        if problem:
            raise SettingsError(f"--class {quoted(name)} {problem}: give another name.")
    return TeachRequest(samples, output, source, tuple(dict.fromkeys(classes)))


def _with_known_classes(request: TeachRequest, *, is_live: bool) -> TeachRequest:
    """With the classes of the samples that are there, for the keys after those that are named.

    Raises:
        SettingsError: there is none, or there are more than keys.
    """
    there = class_folders(request.samples) if has_class_folders(request.samples) else []
    named = (*request.class_names, *(folder.class_name for folder in there))
    names = tuple(name for name in dict.fromkeys(named) if name != "other")
    if not names and not is_live:
        raise SettingsError(
            f"which class does {request.source} show? Give --class NAME (and --from and --to for a "
            "part of a clip), or a --class for each key, 1 to 9, to teach while it plays."
        )
    if not names:
        raise SettingsError(
            "teaching by keys needs the names of the classes: give --class NAME for each, 1 to 9."
        )
    if len(names) > MOST_KEYS:
        raise SettingsError(
            f"{len(names)} classes are more than the keys 1 to {MOST_KEYS}: teach the others from "
            "folders."
        )
    return replace(request, class_names=names)


def _check_outputs(request: TeachRequest, flags: TeachFlags, settings: Settings) -> None:
    """A result of before is replaced: the samples hold all of it. Other files are not."""
    if request.output.suffix.casefold() != SUFFIX:
        raise SettingsError(
            f"--output {request.output}: what is taught is a {SUFFIX} file: give "
            f"{request.output.with_suffix(SUFFIX).name}."
        )
    is_own = request.output.is_file() and is_taught_file(request.output)
    refuse_existing(request.output, force=settings.output.force or is_own)
    if flags.page is not None:
        refuse_existing(flags.page, force=settings.output.force)
    if flags.to_s is not None and flags.to_s <= flags.from_s:
        raise SettingsError(f"--to {flags.to_s:g} must come after --from {flags.from_s:g}.")


def _take_samples(
    source: Source,
    folder: SampleFolder,
    request: TeachRequest,
    flags: TeachFlags,
    signals: StopSignals,
) -> None:
    """Write samples of a source into the folder of its class; Ctrl-C keeps what is there."""
    taken, next_s = 0, flags.from_s
    (class_name,) = request.class_names
    stem = Path(source.title).stem
    announce_wait(source, say)
    with source:
        for frame in source:
            if signals.stop_asked():
                break
            if not isinstance(frame, Frame) or frame.time_s < next_s:
                continue
            if flags.to_s is not None and frame.time_s > flags.to_s:
                break
            next_s = frame.time_s + 1.0 / flags.per_second - 1e-6
            name = Path(frame.name).stem if frame.name else clip_sample_stem(stem, frame.time_s)
            folder.save(class_name, frame.bgr, name)
            taken += 1
    say(f"{counted(taken, 'sample')} of {class_name} in {request.samples / class_name}")
    if not taken:
        raise SettingsError(
            f"{source.title} has no picture from {flags.from_s:g} s on: check --from and --to."
        )
