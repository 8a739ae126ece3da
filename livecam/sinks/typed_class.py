"""What is typed of a class's name in the window, from the key that begins it to Enter or Esc."""

from livecam.core.class_entry import ENTRY_KEY, LONGEST_TEXT
from livecam.core.events import ClassTyped
from livecam.core.key_bindings import ESCAPE
from livecam.sinks.pygame_setup import pygame

_ENTER_KEYS = frozenset({pygame.K_RETURN, pygame.K_KP_ENTER})


class TypedClass:
    """The text of one entry after the other."""

    def __init__(self) -> None:
        """Nothing is typed yet."""
        self._text: str | None = None
        self._was_ended = False

    @property
    def is_typing(self) -> bool:
        """Whether keys are letters of a name."""
        return self._text is not None

    def begin(self) -> ClassTyped:
        """An empty text."""
        self._text = ""
        return ClassTyped("")

    def end(self) -> None:
        """End it without a choice: there is no picture to show it on."""
        self._was_ended = self._was_ended or self.is_typing
        self._text = None

    def ended(self) -> ClassTyped | None:
        """The event of that, once."""
        was_ended, self._was_ended = self._was_ended, False
        return ClassTyped(None) if was_ended else None

    def press(self, event: pygame.Event) -> ClassTyped | None:
        """What a KEYDOWN makes of the text; None where it changes nothing."""
        text, typed = self._text or "", str(event.unicode)
        if event.key in _ENTER_KEYS:
            self._text = None
            return ClassTyped(text, is_chosen=True)
        if event.key == pygame.K_ESCAPE or typed == ESCAPE:
            self._text = None
            return ClassTyped(None)
        if event.key == pygame.K_BACKSPACE:
            self._text = text[:-1]
        elif len(typed) == 1 and typed.isprintable() and typed != ENTRY_KEY:
            self._text = (text + typed)[:LONGEST_TEXT]
        return None if self._text == text else ClassTyped(self._text)
