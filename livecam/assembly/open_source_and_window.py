"""Opens the source and the window, in the order that suits the source."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from livecam.core.protocols import Noticing, OpensSlowly, Screen, Source
from livecam.core.view import View
from livecam.pipeline.startup import Startup


def open_source_and_window(
    source: Source, view: View, stack: ExitStack, *, windowed: bool, say: Callable[[str], None]
) -> tuple[list[Screen], Startup]:
    """Open the source and, if `windowed`, the window.

    The window comes first if the source may take long; otherwise the source does, so that no
    window flashes when a source does not open.

    Args:
        source: not yet opened.
        view: what the window begins with.
        stack: closes both.
        windowed: whether there is a window.
        say: receives a line about what takes long, what a camera gives, and what a clip has
            that cannot be shown.

    Returns:
        The screens, none or one; and the startup, which goes on handling keys.

    Raises:
        LeftError: the user quit meanwhile.
        SourceError: the source does not open.
    """
    if not isinstance(source, OpensSlowly):
        stack.enter_context(source)
        if isinstance(source, Noticing) and source.notice:
            say(f"{source.title}: {source.notice}")
    screens = [stack.enter_context(open_window())] if windowed else []
    startup = Startup(screens[0] if screens else None, view, say)
    if isinstance(source, OpensSlowly):
        source.on_progress(startup.on_progress)
        stack.enter_context(source)
        if source.negotiated:
            say(f"{source.title}: {source.negotiated}")
    return screens, startup


def open_window() -> AbstractContextManager[Screen]:
    """The window, not yet entered; its library is imported only now."""
    from livecam.sinks.window import Window

    return Window()
