"""Opens the web page: its socket before anything slow, its server when the model is loaded."""

from typing import Any

from livecam.assembly.open_model import OpenedModel
from livecam.assembly.run_context import RunContext
from livecam.core.protocols import Source, Turnable
from livecam.errors import SettingsError
from livecam.settings.schema import ServeSettings
from livecam.web.api.run_info import About
from livecam.web.streaming.frame_hub import Hub


def open_listener(settings: ServeSettings) -> Any:
    """The socket of the page, bound and listening; a context manager.

    Raises:
        SettingsError: the address cannot be used, or a package is not installed.
    """
    try:
        from livecam.web.page import Page  # noqa: F401  (fails now, not after the model has loaded)
        from livecam.web.server.listener import open_door
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("livecam"):
            raise
        raise SettingsError(
            f'the web page needs the package {error.name}: pip install "livecam[web]"'
        ) from error
    return open_door(settings)


def create_web_page(
    listener: Any, source: Source, model: OpenedModel, recorder: Any, context: RunContext
) -> Any:
    """The page, not yet entered: a protocols.Screen.

    Args:
        listener: from `open_listener`.
        source: opened.
        model: loaded.
        recorder: its state is shown.
        context: its messages and files are shown.
    """
    from livecam.web.page import Page

    hub = Hub(recorder_state=recorder.state, notice=context.notifications.current)
    about = About(
        source.title,
        model.description,
        model.spec.labels,
        model.class_choices,
        turnable=isinstance(source, Turnable),
    )
    return Page(listener, hub, context.recording_index, about, say=context.say)
