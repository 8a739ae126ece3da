"""`livecam judge`: is the map true? Prints a table; writes JSON and a page of pictures."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from livecam.assembly.judge_sources import SCENE, PicturesToJudge, PictureToJudge
from livecam.assembly.judging import (
    JudgingStoppedError,
    PictureJudge,
    PictureMaps,
    class_by_folder,
    drawings_of,
)
from livecam.assembly.model_from_settings import choose_model, open_chosen_model
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.read_boxes import read_boxes
from livecam.cli.console import print_line, say
from livecam.cli.judge_command import JudgeFlags
from livecam.cli.judge_progress import judge_progress
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.core.coco_boxes import CocoBoxes
from livecam.core.formatting import counted
from livecam.core.map_quality.metrics import LOOKS
from livecam.core.map_quality.report import Judgement, judgement_object, report_lines
from livecam.core.map_quality.summary import BASELINES, JudgedPicture
from livecam.core.printable_text import json_text, quoted
from livecam.errors import SettingsError
from livecam.settings.schema import ModelSettings
from livecam.sinks.judgement_page import JudgementPage
from livecam.sinks.output_paths import refuse_existing
from livecam.sinks.whole_file import write_whole

NOTHING_JUDGED = 3


def run_judge(texts: Sequence[str], flags: JudgeFlags, settings: ModelSettings) -> int:
    """Judge and report; gives the exit code. After Ctrl-C it reports what was judged so far.

    Args:
        texts: sources of pictures as typed; the daisy scene where there are none.
        flags: what is judged and what is written.
        settings: of the network.

    Raises:
        LivecamError: a file, the model or the boxes cannot be used.
    """
    _check_outputs(flags)
    _check_classes(flags, settings)
    choice = choose_model(settings)
    boxes = read_boxes(flags.boxes) if flags.boxes else None
    pictures = PicturesToJudge(
        texts or (SCENE,), say, limit=flags.limit, with_subfolders=flags.by_folder
    )
    if boxes and pictures.file_names and (problem := boxes.describe_strangers(pictures.file_names)):
        raise SettingsError(problem)
    with StopSignals() as signals:
        try:
            total = pictures.count  # a clip that does not open is told before the model is
            model = open_chosen_model(choice, say)
        except Stopped:
            return signals.exit_code or 1
        signals.stop_asked()  # from here on a signal only sets the flag
        page = JudgementPage(model.map_scale)
        run = _Run(flags, model, choice.classes[0], boxes, signals.stop_asked, page)
        run.judge_all(pictures, total, follows=choice.follows)
        signals.begin_closing()
        if run.judged:
            _report(flags, run)
    if not run.judged and not pictures.problem:
        say("no picture was judged")
    ended_by = signals.exit_code or (pictures.problem and pictures.problem.exit_code)
    return ended_by or (0 if run.judged else NOTHING_JUDGED)


@dataclass(slots=True)
class _Run:
    """One judgement while it goes on."""

    flags: JudgeFlags
    model: OpenedModel
    class_index: int
    boxes: CocoBoxes | None
    stop_asked: Callable[[], bool]
    page: JudgementPage
    judged: list[JudgedPicture] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    is_whole: bool = True

    def judge_all(self, pictures: PicturesToJudge, total: int | None, *, follows: bool) -> None:
        """Judge the pictures, so many in all, until the last one or a signal."""
        drawings = drawings_of(self.flags.place, self.flags.detail, self.flags.area)
        began_s = time.perf_counter()
        looks = LOOKS * (len(drawings) + len(BASELINES))
        with (
            judge_progress(total, looks, self._way_out(), say) as progress,
            suppress(JudgingStoppedError),
        ):
            self.is_whole = False

            def look_or_stop() -> bool:
                progress.look()
                return self.stop_asked()

            judge = PictureJudge(self.model, drawings, boxes=self.boxes, stop_asked=look_or_stop)
            for picture in pictures:
                if self.stop_asked():  # not only between looks: pictures may all be passed over
                    raise JudgingStoppedError
                class_index = self._class_of(picture, follows=follows)
                if class_index is None and not follows:
                    self.passed_over[picture.folder] += 1
                    continue
                height, width = picture.bgr.shape[:2]
                progress.begin(width, height)
                self._add(*judge.judge(picture, class_index))
                progress.end()
            self.is_whole = True
        self.seconds = time.perf_counter() - began_s
        self._say_what_is_missing()

    def _way_out(self) -> str:
        """What to do where a picture takes long."""
        if self.flags.area == "frame" or max(self.flags.detail) > 1:
            return "a lower --detail or --area square is faster"
        return "--limit judges fewer pictures"

    def _class_of(self, picture: PictureToJudge, *, follows: bool) -> int | None:
        """Whose map is judged; None where that is what is seen, or no class is named so."""
        if follows:
            return None
        if self.flags.by_folder:
            return class_by_folder(self.model.spec.labels, picture.folder)
        return self.class_index

    def _add(self, judged: JudgedPicture, maps: PictureMaps) -> None:
        self.judged.append(judged)
        if self.flags.page:
            self.page.add(judged, maps.rgb, maps.placed, maps.truth)

    def _say_what_is_missing(self) -> None:
        names = [found.name for found in self.judged if not found.has_truth]
        if self.boxes and names and len(names) == len(self.judged):
            problem = self.boxes.describe_strangers(names)
            if problem:
                say(problem)
        for folder, count in self.passed_over.items():
            say(
                f"{counted(count, 'picture')} passed over: {self.model.spec.name} has no class "
                f"named like the folder {quoted(folder)}"
            )

    def judgement(self) -> Judgement:
        """What was judged so far."""
        flags = self.flags
        settings = {
            "model": self.model.spec.name,
            "alpha": self.model.spec.alpha,
            "place": list(flags.place),
            "detail": list(flags.detail),
            "area": flags.area,
            "map_offset_px": list(self.model.spec.map_offset_px),
            "boxes": str(flags.boxes) if flags.boxes else None,
        }
        return Judgement(
            self.model.description,
            settings,
            self.judged,
            self.seconds,
            is_whole=self.is_whole,
            approximate_because=self.model.head.approximate_because,
        )


def _check_classes(flags: JudgeFlags, settings: ModelSettings) -> None:
    """One class is judged at a time."""
    named = settings.classes or ()
    if len(named) > 1:
        raise SettingsError(
            f"judge takes one --class, not {', '.join(named)}: run it once for each, or give "
            "--class auto (what is seen) or --by-folder (the name of the picture's folder)."
        )
    if flags.by_folder and named:
        raise SettingsError(
            f"--by-folder and --class {named[0]} both say which class is judged: leave one out."
        )


def _check_outputs(flags: JudgeFlags) -> None:
    if flags.json not in (None, "-"):
        refuse_existing(Path(str(flags.json)), force=flags.force)
    if flags.page is not None:
        refuse_existing(flags.page, force=flags.force)
        if str(flags.page) == flags.json:
            raise SettingsError(f"--json and --page are the same file {flags.page}: name another.")


def _report(flags: JudgeFlags, run: _Run) -> None:
    """Files first: they are there even if nobody reads standard output any more."""
    judgement = run.judgement()
    document = json_text(judgement_object(judgement), indent=1)
    if flags.json not in (None, "-"):
        write_whole(Path(str(flags.json)), document + "\n", "--json")
    if flags.page is not None:
        write_whole(flags.page, run.page.html(judgement), "--page")
    if flags.json == "-":
        print(document)
        return
    for line in report_lines(judgement):
        print_line(line)
