"""Opens the web page: its socket first, its server before what is slow; then begins its run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from livecam.assembly.open_model import OpenedModel
from livecam.assembly.run_context import RunContext
from livecam.core.protocols import HasCameras, Seekable, Source, Turnable
from livecam.errors import SettingsError
from livecam.settings.combinations import check_token_flags
from livecam.settings.schema import ServeSettings


def open_listener(settings: ServeSettings) -> Any:
    """The socket of the page, bound and listening; a context manager.

    Raises:
        SettingsError: the address or the token cannot be used, or a package is not installed.
    """
    check_token_flags(settings)
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


@contextmanager
def web_page_of(source: Source, context: RunContext) -> Iterator[Any]:
    """The web page, not yet answering: a protocols.Screen, to be entered; None without --serve.

    Args:
        source: not yet opened.
        context: its messages and files are shown.

    Raises:
        SettingsError: as in `open_listener`.
    """
    index = context.recording_index
    if index is None:
        yield None
        return
    with open_listener(context.settings.serve) as listener, index:
        from livecam.web.streaming.frame_hub import FrameHub
        from livecam.web.web_screen import WebScreen

        yield WebScreen(
            listener,
            FrameHub(notice=context.screen_messages.current),
            index,
            source.title,
            say=context.say,
            show_link=context.show_link,
        )


def begin_run(page: Any, source: Source, model: OpenedModel, recorder: Any) -> None:
    """Tell the page what it waited for.

    Args:
        page: answers already.
        source: opened.
        model: loaded.
        recorder: its state is shown.
    """
    from livecam.models.catalogue import MODEL_NAMES
    from livecam.web.api.run_info import RunInfo

    turnable = isinstance(source, Turnable)
    seekable = isinstance(source, Seekable) and source.can_seek
    cameras = source.cameras if isinstance(source, HasCameras) else None
    is_own = model.spec.name not in MODEL_NAMES  # then its title is the name of a file
    run_info = RunInfo(
        source.title,
        model.description,
        model.spec.labels,
        turnable,
        seekable,
        cameras,
        public_model=model.runtime.details if is_own else model.description,
    )
    page.begin_run(run_info, recorder.state)
