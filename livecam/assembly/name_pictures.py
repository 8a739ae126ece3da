"""What a network calls pictures that lie in folders of their classes."""

from collections.abc import Iterable, Iterator

from livecam.assembly.judge_sources import PictureToJudge
from livecam.assembly.open_model import OpenedModel
from livecam.core.accuracy import TOP_COUNT, NamedPicture
from livecam.core.class_activation import best_of, named_in
from livecam.core.class_search import forms_of
from livecam.core.crop import network_view
from livecam.core.labels import Labels
from livecam.core.network_size import Look
from livecam.errors import SettingsError


class LabelledFolders:
    """Which class a folder is named after; every folder is looked up once.

    Attributes:
        problems: why a folder stands for no class, and how many of its pictures came, by folder.
    """

    def __init__(self, labels: Labels) -> None:
        """`labels` are those of the model."""
        self._labels = labels
        self._found: dict[str, int | SettingsError] = {}
        self.problems: dict[str, tuple[str, int]] = {}

    def class_of(self, folder: str) -> int | None:
        """The class of a picture in this folder; None, and counted, where it stands for none.

        A folder may have a class's name, also in the plural, its index or its synset.
        """
        if folder not in self._found:
            self._found[folder] = self._look_up(folder)
        found = self._found[folder]
        if isinstance(found, int):
            return found
        _, count = self.problems.get(folder, ("", 0))
        self.problems[folder] = str(found), count + 1
        return None

    def _look_up(self, folder: str) -> int | SettingsError:
        problems = []
        for name in (folder, *forms_of(folder)[1:]):
            try:
                return self._labels.index_of(name)
            except SettingsError as error:
                problems.append(error)
        return problems[0]


def name_pictures(
    model: OpenedModel,
    pictures: Iterable[PictureToJudge],
    folders: LabelledFolders,
    look: Look,
) -> Iterator[NamedPicture | None]:
    """What the network calls each picture; None for one whose folder stands for no class.

    Args:
        model: the network.
        pictures: with the names of their folders.
        folders: says which class a folder stands for.
        look: what of the pictures the network sees, and how finely.
    """
    names = model.spec.labels.first_names
    for picture in pictures:
        class_index = folders.class_of(picture.folder)
        if class_index is None:
            yield None
            continue
        height, width = picture.bgr.shape[:2]
        size_px = look.network_size_px(width, height, model.input_size)
        output = model.infer(network_view(picture.bgr, look.box_in(width, height), size_px))
        best = best_of(output.probabilities, range(len(names)), TOP_COUNT)
        named, probability = named_in(output, model.class_choices)
        yield NamedPicture(
            picture.name, names[class_index], names[named], probability, class_index in best
        )
