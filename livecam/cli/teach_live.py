"""`livecam teach 0 --class rose --class tulip`: keys that are held take samples in the window."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from livecam.assembly.live_teaching import beginning, with_teaching
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.open_pipeline import open_pipeline
from livecam.assembly.teaching import TeachingBase, open_teaching_base
from livecam.cli.console import say
from livecam.cli.qr_code import show_link_code
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.cli.teach_command import TeachFlags
from livecam.cli.teach_samples import TeachRequest, look_at_samples, sample_folder, write_result
from livecam.errors import LeftError, SettingsError
from livecam.models.taught_file import taught_bytes
from livecam.pipeline import loop
from livecam.pipeline.live_teaching import keys_of
from livecam.pipeline.run_summary import RunSummary, closing_line
from livecam.pipeline.teacher import Teacher
from livecam.settings.schema import Settings
from livecam.sinks.sample_folder import SampleFolder
from livecam.sources.class_folders import class_folders, has_class_folders


def teach_live(request: TeachRequest, flags: TeachFlags, settings: Settings) -> int:
    """Show the source, take samples by keys, and write what was learnt; gives the exit code.

    Samples of earlier runs in the same folder are gone on with.

    Raises:
        LivecamError: something cannot be opened or written.
    """
    with sample_folder(request.samples) as folder:  # before the samples in it are looked at
        return _teach(folder, request, flags, settings)


def _teach(
    folder: SampleFolder, request: TeachRequest, flags: TeachFlags, settings: Settings
) -> int:
    """The same, with the folder of the samples locked."""
    base = open_teaching_base(settings.model, say)
    folders = class_folders(request.samples) if has_class_folders(request.samples) else []
    names = dict.fromkeys((*request.class_names, *(one.class_name for one in folders)))
    teacher = base.teacher(list(names))
    with StopSignals() as signals:
        try:
            look_at_samples(folders, teacher, flags.per_class, lambda: False)
            summary = _run(request, base, teacher, folder, settings, signals=signals)
        except (Stopped, LeftError):
            return signals.exit_code or 0
    say(closing_line(summary))
    if teacher.can_fit():
        write_result(request, flags, base, teacher)
    _say_what_is_missing(request.samples, teacher)
    ended_by = summary.failure or summary.lost
    if ended_by is not None:
        say(str(ended_by))
        return ended_by.exit_code
    return signals.exit_code or 0


def _say_what_is_missing(samples: Path, teacher: Teacher) -> None:
    counts = teacher.counts()
    if not any(counts.values()):
        say("no sample was taken: hold the key of a class while it is shown")
    elif not teacher.can_fit():
        say(f"samples of one class alone, in {samples}: go on with them by the same line")
    elif without := [name for name in teacher.class_names if not counts[name]]:
        say(
            f"no sample of {', '.join(without)}: it is not in the result; the same line goes on, "
            "hold its key while it is shown"
        )


def _run(
    request: TeachRequest,
    base: TeachingBase,
    teacher: Teacher,
    samples: SampleFolder,
    settings: Settings,
    *,
    signals: StopSignals,
) -> RunSummary:
    """The window, until the user leaves."""
    with TemporaryDirectory(prefix="livecam-") as folder, ExitStack() as stack:
        began_with = Path(folder) / request.output.name
        channels = len(base.model.head.kernel)
        began_with.write_bytes(taught_bytes(beginning(base.base, channels, teacher)))
        own = replace(settings.model, model=began_with, alpha=None, classes=None)
        pipeline, view = open_pipeline(
            request.source or "0",
            replace(settings, model=own),
            stack,
            say=say,
            show_link=show_link_code,
            stop_asked=signals.stop_asked,
        )
        opened = pipeline.model
        if not pipeline.screens or not isinstance(opened, OpenedModel):
            raise SettingsError(
                "teaching by keys needs the window, or the page (--serve): leave --no-window out, "
                "or give a clip with one --class, or a folder with a folder for each class."
            )
        pipeline, teaching = with_teaching(pipeline, opened, teacher, samples)
        keys = keys_of(teacher.class_names)
        in_words = ", ".join(f"{key} {name}" for key, name in keys.items())
        say(f"hold a key to take samples: {in_words}; in {request.samples}")
        teaching.show_progress()
        stack.callback(signals.begin_closing)
        signals.stop_asked()  # from here on the loop polls, and a signal only sets the flag
        summary = loop.run(pipeline, replace(view, class_keys=tuple(keys.items())))
        teaching.wait()
    return summary.after_closing(pipeline.sinks)
