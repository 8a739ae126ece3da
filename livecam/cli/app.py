"""The commands, and the whole of failure handling: what goes wrong ends here in one line."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter, UnusedCliTokensError

from livecam import __version__
from livecam.cli.config import toml_lines
from livecam.settings.precedence import Provenance, config_chain
from livecam.cli.console import say
from livecam.core.redaction import without_credentials
from livecam.errors import LivecamError
from livecam.settings.schema import Settings

_HELP = """See, live, which part of a picture makes MobileNet say "daisy".

- `livecam demo` : at once, offline, without a camera
- `livecam` : the first camera in a window; q quits, h helps
- `livecam clip.mp4` : a clip; also a picture, a folder, "*.jpg", rtsp://host/...
- `livecam clip.mp4 --record out.mp4 --stats out.jsonl --no-window`
- `livecam --class bee --class daisy` : n and p switch between classes
- `livecam serve` : the camera on a web page; `--host 0.0.0.0` for the network, with a token
- `livecam repair killed.mp4` : an ordinary video of a recording that was killed
- `livecam bench` : how fast it is here, stage by stage
- `livecam doctor` : what works on this machine, and what to do about the rest
- `livecam config` : every setting, and where it came from
"""

AsJson = Annotated[bool, Parameter(name="--json", help="As JSON, for programs.", negative="")]
Source = Annotated[
    str,
    Parameter(
        help="Camera (0, 1, /dev/video2, part of its name), clip, picture, folder, glob, daisy, "
        "or rtsp:// http://."
    ),
]


def build_app(provenance: Provenance) -> App:
    """The application with its commands; `provenance` learns where settings came from."""
    app = App(
        name="livecam",
        help=_HELP,
        help_format="markdown",
        version=f"livecam {__version__}",
        result_action="return_value",
    )
    _add_watching(app, provenance)
    _add_telling(app, provenance)
    app.command(_bench(provenance))
    app.command(_models_app())
    app.command(_repair_app())

    @app.meta.default
    def with_config(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        config: Annotated[Path | None, Parameter(help="Settings file (TOML).")] = None,
    ) -> int:
        given = config or _path_or_none(os.environ.get("LIVECAM_CONFIG"))
        app.config = config_chain(given, provenance)
        code: int | None = app(tokens, exit_on_error=False, print_error=False)
        return code or 0

    return app


def _add_watching(app: App, provenance: Provenance) -> None:
    """The commands that open a source."""

    @app.default
    def default(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        return _run_source(source, settings or Settings())

    @app.command
    def run(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        """Watch a source: the same as livecam SOURCE."""
        return _run_source(source, settings or Settings())

    @app.command
    def serve(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        """Show a source in the browser: picture, figures and keys on a web page."""
        return _run_source(source, _served(settings or Settings()))

    @app.command
    def demo(*, settings: Settings | None = None) -> int:
        """Show it at once, offline: a 3D daisy before the built-in flowers model."""
        from livecam.cli.demo import run_demo

        return run_demo(settings or Settings(), provenance.origins)


def _add_telling(app: App, provenance: Provenance) -> None:
    """The commands that say how things are."""

    @app.command(config=())  # none of the settings applies here
    def devices(*, as_json: AsJson = False) -> int:
        """List the cameras; --json for programs."""
        from livecam.cli.devices import list_devices

        return list_devices(as_json=as_json)

    @app.command
    def config(*, settings: Settings | None = None) -> int:
        """Print every setting with its value and where it came from, as a TOML file."""
        for line in toml_lines(settings or Settings(), provenance.origins):
            print(line)
        return 0

    @app.command(config=())
    def doctor(*, as_json: AsJson = False) -> int:
        """Say what works on this machine, what does not, and what to do about it."""
        from livecam.cli.doctor import run_doctor

        return run_doctor(as_json=as_json)


def _bench(provenance: Provenance) -> Callable[..., int]:
    def bench(
        source: Source = "daisy",
        /,
        *,
        as_json: AsJson = False,
        encode: Annotated[bool, Parameter(help="Record as well; the file is removed.")] = True,
        settings: Settings | None = None,
    ) -> int:
        """Measure how long each stage takes here, with any engine, precision and size."""
        from livecam.cli.bench import run_bench

        chosen = settings or Settings()
        return run_bench(source, chosen, provenance.origins, as_json=as_json, encode=encode)

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
    repair = App(name="repair", help="Make an ordinary video of a recording that was killed.")
    repair.config = ()  # none of the settings applies here

    @repair.default
    def repair_file(
        file: Annotated[Path, Parameter(help="The killed recording; it stays as it is.")],
        /,
        *,
        output: Annotated[
            Path | None, Parameter(help="The new file; without it NAME_repaired beside FILE.")
        ] = None,
        force: Annotated[
            bool, Parameter(help="Replace the new file where it exists.", negative="")
        ] = False,
    ) -> int:
        """Copy everything that can be had, without encoding again."""
        from livecam.cli.repair import run_repair

        return run_repair(file, output, force=force)

    return repair


def _served(settings: Settings) -> Settings:
    """With the page, and with a window only where one was asked for."""
    window = replace(settings.window, window=settings.window.window or False)
    return replace(settings, window=window, serve=replace(settings.serve, serve=True))


def _run_source(source: str, settings: Settings) -> int:
    # OpenCV and the rest are imported only now: --help stays instant.
    from livecam.cli.run import run_source

    return run_source(source, settings)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code. Nothing but the unexpected passes as traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names of files and cameras are printed whatever the terminal's letters (Windows' cp1252).
        sys.stdout.reconfigure(errors="backslashreplace")
    app = build_app(Provenance())
    tokens = list(sys.argv[1:] if argv is None else argv)
    try:
        code: int | None = app.meta(tokens, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        complaint = _one_line(_without_secrets(_told(error), tokens))
        say(f"{complaint} 'livecam --help' lists what there is.")
        return 2
    except LivecamError as error:
        say(str(error))
        return error.exit_code
    except BrokenPipeError:  # whoever read it has enough, like head
        return 0
    except OSError as error:  # standard output is full or gone
        say(f"could not go on ({error.strerror or error}).")
        return 1
    except KeyboardInterrupt:
        return 130
    return code or 0


def _told(error: CycloptsError) -> str:
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        return (
            f"{error.unused_tokens[0]!r} is one argument too many: there is one SOURCE, and a "
            "pattern like 'photos/*.jpg' goes in quotes."
        )
    return str(error)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _without_secrets(text: str, tokens: Sequence[str]) -> str:
    """The complaint may repeat what was typed, an address with its password, too."""
    for word in [*tokens, *(token.partition("=")[2] for token in tokens)]:
        text = text.replace(word, without_credentials(word)) if word.strip() else text
    return text


def _path_or_none(text: str | None) -> Path | None:
    return Path(text) if text else None
