"""What the page knows about the run that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from livecam.core.labels import Labels
from livecam.errors import SettingsError


@dataclass(frozen=True, slots=True)
class About:
    """What does not change during a run.

    Attributes:
        source: the source's title, without credentials.
        model: model and engine in a few words.
        labels: the names of all classes.
        choices: the classes that can be found.
        turnable: whether the scene turns under the pointer.
    """

    source: str
    model: str
    labels: Labels
    choices: Sequence[int]
    turnable: bool

    def class_of(self, wanted: str) -> int:
        """The class that a user means, by name or index, as on the command line.

        Raises:
            SettingsError: unknown, ambiguous, or no find.
        """
        index = self.labels.index_of(wanted)
        if index not in self.choices:
            raise SettingsError(f"{self.labels.first_names[index]!r} is no find.")
        return index

    def search(self, text: str) -> list[int]:
        """The classes one of whose names contains all the words, best first."""
        words = text.casefold().replace("_", " ").split()
        found = []
        for index in self.choices:
            names = [name.casefold() for name in self.labels.names[index]]
            whole = " ".join(names)
            if all(word in whole for word in words) or text.strip() == str(index):
                first = names[0]
                begins = bool(words) and first.startswith(words[0])
                found.append((first != text.strip().casefold(), not begins, index))
        return [index for *_, index in sorted(found)]
