"""Opens the source and the window, in the order that suits the source."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from livecam.core.protocols import Noticing, OpensSlowly, Screen, Source
from livecam.core.view import View
from livecam.pipeline.opening_progress import OpeningProgress
from livecam.sources.files.special_files import announce_wait


def open_source_and_window(
    source: Source,
    view: View,
    stack: ExitStack,
    *,
    windowed: bool,
    say: Callable[[str], None],
    page: Any = None,
) -> tuple[list[Screen], OpeningProgress]:
    """Open the source and, if `windowed`, the window; let the page answer.

    Window and page come first if the source may take long; otherwise the source does, so that no
    window flashes when a source does not open.

    Args:
        source: not yet opened.
        view: what the window begins with.
        stack: closes both.
        windowed: whether there is a window.
        say: receives a line about what takes long, what a camera gives, and what a clip has
            that cannot be shown.
        page: the web page, not yet entered; it shows what is waited for. None without one.

    Returns:
        The window, none or one; and the progress, which goes on handling keys.

    Raises:
        LeftError: the user quit meanwhile.
        SourceError: the source does not open.
    """
    announce_wait(source, say)
    if not isinstance(source, OpensSlowly):
        stack.enter_context(source)
        if isinstance(source, Noticing) and source.notice:
            say(f"{source.title}: {source.notice}")
    screens = [stack.enter_context(open_window())] if windowed else []
    tell = stack.enter_context(page).show_opening if page is not None else lambda _: None
    opening = OpeningProgress(screens[0] if screens else None, view, say, tell)
    if isinstance(source, OpensSlowly):
        source.on_progress(opening.on_progress)
        stack.enter_context(source)
        news = "pictures come" if opening.has_told else ""
        if news or source.negotiated:
            say(f"{source.title}: {', '.join(filter(None, (news, source.negotiated)))}")
    return screens, opening


def open_window() -> AbstractContextManager[Screen]:
    """The window, not yet entered; its library is imported only now."""
    from livecam.sinks.window import Window

    return Window()
