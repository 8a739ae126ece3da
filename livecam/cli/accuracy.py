"""`livecam accuracy`: how many pictures in folders of their classes the network names rightly."""

from collections.abc import Sequence
from pathlib import Path

from livecam.assembly.judge_sources import SCENE, PicturesToJudge
from livecam.assembly.model_from_settings import choose_model, open_chosen_model
from livecam.assembly.name_pictures import LabelledFolders, name_pictures
from livecam.assembly.open_model import OpenedModel
from livecam.cli.console import print_line, say
from livecam.cli.counting_bar import counted_on_terminal
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.cli.tables import print_table
from livecam.core.accuracy import TOP_COUNT, Accuracy, NamedPicture, Share, accuracy_object
from livecam.core.formatting import counted
from livecam.core.network_size import Look
from livecam.core.printable_text import json_text, quoted
from livecam.errors import SettingsError
from livecam.settings.schema import ModelSettings

NOTHING_NAMED = 3
LOOK = Look()
WIDEST_CONFUSION = 12
"""A table of the confusion has so many columns at most: more fit on no terminal."""

_MISTAKES = 5
_MISTAKEN_FOR = 3


def run_accuracy(
    texts: Sequence[str], settings: ModelSettings, look: Look = LOOK, *, as_json: bool
) -> int:
    """Count and print; gives the exit code. After Ctrl-C it prints what was counted so far.

    Args:
        texts: folders as typed.
        settings: of the network.
        look: what of the pictures it sees, and how finely.
        as_json: whether to print JSON.

    Raises:
        LivecamError: the model or the pictures cannot be used.
    """
    if settings.classes != ModelSettings().classes:
        raise SettingsError(
            "a picture's class is the name of its folder: leave out --class, or give the folder "
            "of that class alone."
        )
    choice = choose_model(settings)
    pictures = PicturesToJudge(list(map(_as_folder, texts)), say, with_subfolders=True)
    folders = LabelledFolders(choice.spec.labels)
    named: list[NamedPicture] = []
    with StopSignals() as signals:
        try:
            model = open_chosen_model(choice, say)
        except Stopped:
            return signals.exit_code or 1
        signals.stop_asked()  # from here on a signal only sets the flag
        with counted_on_terminal("named", pictures, lambda: pictures.count) as each:
            for one in name_pictures(model, each, folders, look):
                if one is not None:
                    named.append(one)
                if signals.stop_asked():
                    break
        signals.begin_closing()
        _say_what_is_passed_over(folders)
        if named:
            is_whole = signals.exit_code is None
            _report(model, look, Accuracy.of(named), as_json=as_json, is_whole=is_whole)
    if not named:
        say("no picture was named")
    ended_by = signals.exit_code or (pictures.problem and pictures.problem.exit_code)
    return ended_by or (0 if named else NOTHING_NAMED)


def _as_folder(text: str) -> str:
    """A folder that is called like the scene is meant, where there is one."""
    return f"./{text.strip()}" if text.strip() == SCENE and Path(SCENE).is_dir() else text


def _say_what_is_passed_over(folders: LabelledFolders) -> None:
    for folder, (problem, count) in folders.problems.items():
        say(f"{counted(count, 'picture')} in the folder {quoted(folder)} passed over: {problem}")


def _report(
    model: OpenedModel, look: Look, accuracy: Accuracy, *, as_json: bool, is_whole: bool
) -> None:
    if as_json:
        about = {"model": model.spec.name, "alpha": model.spec.alpha, "engine": model.description}
        seen = {"area": look.area, "detail": look.detail}
        document = {**about, **seen, "whole": is_whole, **accuracy_object(accuracy)}
        print(json_text(document, indent=1))
        return
    ended = "" if is_whole else "; stopped before the end"
    asked = "" if look == LOOK else f"; area {look.area}, detail {look.detail}"
    print_line(f"{model.description}{asked}{ended}")
    rows = [
        (row.class_name, *_cells(row.right), _listed(row.mistaken_for)) for row in accuracy.classes
    ]
    headings = ("class", "pictures", "right", "accuracy, % [95 %]", "mistaken for")
    print_table(headings, [*rows, ("all pictures", *_cells(accuracy.right), "")])
    if len(model.labels) > 2 * TOP_COUNT:
        five = _percent(accuracy.among_five)
        print_line(f"right class among the {TOP_COUNT} most probable: {five}")
    _print_confusion(accuracy)
    for mistake in accuracy.surest_mistakes[:_MISTAKES]:
        print_line(
            f"{mistake.picture}: {mistake.named} {100 * mistake.probability:.0f} %, "
            f"and is {mistake.class_name}"
        )


def _print_confusion(accuracy: Accuracy) -> None:
    """A row for each class, a column for what its pictures were called."""
    columns = accuracy.columns
    if len(accuracy.classes) < 2 or len(columns) > WIDEST_CONFUSION:
        return
    rows = [
        (row.class_name, *(str(row.named.get(name, 0)) for name in columns))
        for row in accuracy.classes
    ]
    print_table(("is, and was called", *columns), rows)


def _cells(share: Share) -> tuple[str, str, str]:
    return str(share.total), str(share.count), _percent(share)


def _percent(share: Share) -> str:
    low, high = share.interval
    return f"{100 * share.share:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def _listed(names: dict[str, int]) -> str:
    """The most frequent wrong names."""
    parts = [f"{name} {count}" for name, count in names.items()]
    more = ", ..." if len(parts) > _MISTAKEN_FOR else ""
    return ", ".join(parts[:_MISTAKEN_FOR]) + more
