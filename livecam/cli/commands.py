"""The commands of `livecam` with their arguments and help texts; each runs a module of its own."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from livecam import __version__
from livecam.settings.precedence import SettingOrigins, settings_sources
from livecam.settings.schema import Settings

# OpenCV and the rest are imported inside the commands: --help stays instant.

_HELP = """See, live, which part of a picture makes MobileNet say "daisy".

- `livecam demo` : at once, offline, without a camera
- `livecam` : the first camera in a window; q quits, h helps
- `livecam clip.mp4` : a clip; also a picture, a folder, "*.jpg", rtsp://host/...
- `livecam clip.mp4 --record out.mp4 --stats out.jsonl --no-window`
- `livecam --class bee --class daisy` : n and p switch between classes
- `livecam serve` : the camera on a web page; `--host 0.0.0.0` for the network, with a token
- `livecam repair broken.mp4` : a playable video from an interrupted recording
- `livecam bench` : how fast it is here, stage by stage
- `livecam doctor` : what works on this machine, and how to fix what does not
- `livecam config` : every setting, and where it came from
"""

AsJson = Annotated[bool, Parameter(name="--json", help="Print JSON, for programs.", negative="")]
Source = Annotated[
    str,
    Parameter(
        help="Camera (0, 1, /dev/video2, part of its name), clip, picture, folder, glob, daisy, "
        "or rtsp:// http://."
    ),
]


def build_app(origins: SettingOrigins) -> App:
    """The application with its commands; `origins` records where settings came from."""
    app = App(
        name="livecam",
        help=_HELP,
        help_format="markdown",
        version=f"livecam {__version__}",
        result_action="return_value",
    )
    _add_source_commands(app, origins)
    _add_information_commands(app, origins)
    app.command(_bench(origins))
    app.command(_models_app())
    app.command(_repair_app())

    @app.meta.default
    def with_config(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        config: Annotated[Path | None, Parameter(help="Settings file (TOML).")] = None,
    ) -> int:
        named = os.environ.get("LIVECAM_CONFIG")
        app.config = settings_sources(config or (Path(named) if named else None), origins)
        code: int | None = app(tokens, exit_on_error=False, print_error=False)
        return code or 0

    return app


def _add_source_commands(app: App, origins: SettingOrigins) -> None:
    """The commands that open a source."""

    @app.default
    def default(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        return _run_source(source, settings or Settings())

    @app.command
    def run(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        """Run a source: the same as livecam SOURCE."""
        return _run_source(source, settings or Settings())

    @app.command
    def serve(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        """Show a source in the browser: picture, figures and keys on a web page."""
        return _run_source(source, _with_web_page(settings or Settings()))

    @app.command
    def demo(*, settings: Settings | None = None) -> int:
        """Run at once, offline: a 3D daisy and the built-in flowers model."""
        from livecam.cli.demo import run_demo

        return run_demo(settings or Settings(), origins.by_name)


def _add_information_commands(app: App, origins: SettingOrigins) -> None:
    """The commands that report on cameras, settings and the machine."""

    @app.command(config=())  # none of the settings applies here
    def devices(*, as_json: AsJson = False) -> int:
        """List the cameras; --json for programs."""
        from livecam.cli.devices import list_devices

        return list_devices(as_json=as_json)

    @app.command
    def config(*, settings: Settings | None = None) -> int:
        """Print every setting with its value and where it came from, as a TOML file."""
        from livecam.cli.config import print_config

        return print_config(settings or Settings(), origins.by_name)

    @app.command(config=())
    def doctor(*, as_json: AsJson = False) -> int:
        """Check what works on this machine, what does not, and how to fix it."""
        from livecam.cli.doctor import run_doctor

        return run_doctor(as_json=as_json)


def _bench(origins: SettingOrigins) -> Callable[..., int]:
    def bench(
        source: Source = "daisy",
        /,
        *,
        as_json: AsJson = False,
        encode: Annotated[bool, Parameter(help="Also record; the file is removed.")] = True,
        settings: Settings | None = None,
    ) -> int:
        """Measure how long each stage takes here, with any engine, precision and size."""
        from livecam.cli.bench import run_bench

        chosen = settings or Settings()
        return run_bench(source, chosen, origins.by_name, as_json=as_json, encode=encode)

    return bench


def _models_app() -> App:
    models = App(name="models", help="List the models, and whether they are ready offline.")
    models.config = ()  # none of the settings applies here

    @models.default
    def list_all() -> int:
        from livecam.cli.models import list_models

        return list_models()

    @models.command
    def fetch(
        model: Annotated[str, Parameter(help="imagenet or flowers.")],
        /,
        *,
        alpha: Annotated[float | None, Parameter(help="1.0, 0.75, 0.5 or 0.25.")] = None,
    ) -> int:
        """Fetch a model's weights and convert them ahead of time."""
        from livecam.cli.models import fetch_model

        return fetch_model(model, alpha)

    return models


def _repair_app() -> App:
    repair = App(name="repair", help="Make a playable video from an interrupted recording.")
    repair.config = ()  # none of the settings applies here

    @repair.default
    def repair_file(
        file: Annotated[Path, Parameter(help="The interrupted recording; it is not changed.")],
        /,
        *,
        output: Annotated[
            Path | None, Parameter(help="The new file; by default NAME_repaired beside FILE.")
        ] = None,
        force: Annotated[
            bool, Parameter(help="Overwrite the new file if it exists.", negative="")
        ] = False,
    ) -> int:
        """Copy everything that can be read, without encoding again."""
        from livecam.cli.repair import run_repair

        return run_repair(file, output, force=force)

    return repair


def _with_web_page(settings: Settings) -> Settings:
    """With the page, and with a window only where one was asked for."""
    window = replace(settings.window, window=settings.window.window or False)
    return replace(settings, window=window, serve=replace(settings.serve, serve=True))


def _run_source(source: str, settings: Settings) -> int:
    from livecam.cli.run import run_source

    return run_source(source, settings)
