"""Looks at the samples of a folder, and writes what they teach: for all ways of `livecam teach`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from livecam.assembly.teaching import TeachingBase, taught_model
from livecam.cli.console import print_line, say
from livecam.cli.tables import print_table
from livecam.cli.teach_command import TeachFlags
from livecam.core.evenly_chosen import evenly_chosen
from livecam.core.teaching.held_out import contradictions
from livecam.core.teaching.report import HEADINGS, TeachingReport
from livecam.core.teaching.samples import TaughtSample
from livecam.core.types import BgrImage
from livecam.errors import SettingsError
from livecam.models.taught_file import taught_bytes
from livecam.pipeline.teacher import Teacher
from livecam.sinks.sample_folder import SampleFolder
from livecam.sinks.sample_page import sample_page, shown_square
from livecam.sinks.whole_file import write_whole
from livecam.sources.class_folders import ClassFolder, pictures_of
from livecam.sources.files.timed_pictures import first_picture


@dataclass(frozen=True, slots=True)
class TeachRequest:
    """What is taught.

    Attributes:
        samples: the folder of all samples.
        output: the result.
        source: what new samples are taken of; None where the folder has them all.
        class_names: of these.
    """

    samples: Path
    output: Path
    source: str | None = None
    class_names: tuple[str, ...] = ()


@contextmanager
def sample_folder(path: Path) -> Iterator[SampleFolder]:
    """The folder of the samples, locked for whoever takes new ones as long as the block lasts.

    Raises:
        SettingsError: another livecam takes samples into it.
        SinkError: it cannot be made.
    """
    with SampleFolder(path) as folder:
        if folder.problem:
            say(f"{path} cannot be locked ({folder.problem}): let no other livecam teach into it")
        yield folder


def look_at_samples(
    folders: Sequence[ClassFolder],
    teacher: Teacher,
    per_class: int,
    stop_asked: Callable[[], bool],
) -> None:
    """Let the teacher see the samples in these folders, so many of each at most."""
    from livecam.cli.counting_bar import counting_on_terminal

    chosen = [(one.class_name, _spread(one.paths, per_class)) for one in folders]
    with counting_on_terminal("looked at", sum(len(paths) for _, paths in chosen)) as advance:
        for class_name, paths in chosen:
            for path, bgr in takewhile(lambda _: not stop_asked(), pictures_of(paths)):
                if bgr is None:
                    say(f"{path} has no picture to be read: left out")
                else:
                    teacher.take(f"{path.parent.name}/{path.name}", class_name, bgr)
                advance()


def _spread(paths: Sequence[Path], most: int) -> Sequence[Path]:
    """So many at most, evenly chosen."""
    return [paths[place] for place in evenly_chosen(len(paths), most)]


def write_result(
    request: TeachRequest, flags: TeachFlags, base: TeachingBase, teacher: Teacher
) -> None:
    """Fit, write the files, and print the table.

    Raises:
        SettingsError: there is nothing to tell apart.
        SinkError: a file cannot be written.
    """
    if not teacher.can_fit():
        raise SettingsError(
            f"{request.samples} has samples of one class alone, and {base.model.spec.title} no "
            "features of other things to tell it from: give another class, or a folder other."
        )
    taught, samples = teacher.fit()
    found = taught_model(base.base, taught, samples)
    report = TeachingReport(
        base.model.spec.title,
        found.figures,
        contradictions(taught, samples),
        [sample.name for sample in samples],
        teacher.other_things_count,
    )
    content = taught_bytes(found)
    write_whole(request.output, content, "--output")
    if flags.page is not None:
        pictures = _small_pictures(request.samples, samples)
        page = sample_page(report, taught, samples, pictures, base.model.spec.map_offset_px)
        write_whole(flags.page, page, "--page")
    print_table(HEADINGS, report.rows())
    for line in report.lines():
        print_line(line)
    if not taught.classes.has_other:
        say(
            f"{base.model.spec.title} has no features of other things: whatever is shown will be "
            "one of the classes. Give a folder other, or leave --alpha out."
        )
    say(f"{request.output} ({len(content) / 1000:.0f} kB): livecam --model {request.output}")


def _small_pictures(folder: Path, samples: Sequence[TaughtSample]) -> dict[str, BgrImage]:
    """The pictures of samples for the page, by name; those that are gone meanwhile are missing."""
    found = {sample.name: first_picture(folder / sample.name) for sample in samples}
    return {name: shown_square(bgr) for name, bgr in found.items() if bgr is not None}
