"""Opens the web page: its socket before anything slow, its server when the model is loaded."""

from typing import Any

from livecam.assembly.open_model import OpenedModel
from livecam.assembly.run_context import RunContext
from livecam.core.protocols import Source, Turnable
from livecam.errors import SettingsError
from livecam.settings.schema import ServeSettings
from livecam.web.api.run_info import RunInfo
from livecam.web.streaming.frame_hub import FrameHub


def open_listener(settings: ServeSettings) -> Any:
    """The socket of the page, bound and listening; a context manager.

    Raises:
        SettingsError: the address cannot be used, or a package is not installed.
    """
    try:
        # Now, and not after the model has loaded: are all packages installed?
        from livecam.web.server import listener
        from livecam.web.web_screen import WebScreen  # noqa: F401
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("livecam"):
            raise
        raise SettingsError(
            f'the web page needs the package {error.name}: pip install "livecam[web]"'
        ) from error
    return listener.open_listener(settings)


def create_web_page(
    listener: Any, source: Source, model: OpenedModel, recorder: Any, context: RunContext
) -> Any:
    """The web page, not yet entered: a protocols.Screen.

    Args:
        listener: from `open_listener`.
        source: opened.
        model: loaded.
        recorder: its state is shown.
        context: its messages and files are shown.
    """
    from livecam.web.web_screen import WebScreen

    hub = FrameHub(recorder_state=recorder.state, notice=context.notifications.current)
    turnable = isinstance(source, Turnable)
    run_info = RunInfo(source.title, model.description, model.spec.labels, turnable)
    return WebScreen(listener, hub, context.recording_index, run_info, say=context.say)
