"""The commands of `livecam` with their arguments and help texts; each runs a module of its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from livecam import __version__
from livecam.cli.command_context import CommandContext, parse_command
from livecam.cli.console import say
from livecam.cli.settings_file import settings_file_of
from livecam.cli.settings_per_command import (
    EVERY_SETTING,
    NOT_OF_BENCH,
    NOT_OF_DEMO,
    HelpWithout,
    refuse_foreign_flags,
)
from livecam.cli.shared_flags import AsJson
from livecam.settings.current_folder import current_folder_notice
from livecam.settings.precedence import SettingOrigins
from livecam.settings.schema import Settings

# OpenCV and the rest are imported inside the commands: --help stays instant.

_HELP = """See, live, which part of a picture makes MobileNet say "daisy".

- `livecam demo` : at once, offline, without a camera
- `livecam` : the first camera in a window; q quits, h helps
- `livecam clip.mp4` : a clip; also a picture, a folder, "*.jpg", rtsp://host/...
- `livecam clip.mp4 --record out.mp4 --stats out.jsonl --no-window`
- `livecam --class bee --class daisy` : n and p switch between classes
- `livecam classes cat` : which classes there are, by name and by kind
- `livecam serve` : the camera on a web page; `--host 0.0.0.0` for the network
- `livecam repair broken.mp4` : a playable video from an interrupted recording
- `livecam teach garden/` : classes of your own, of garden/rose, garden/tulip ...
- `livecam watch 0 --when "daisy > 0.8"` : for weeks; a clip of every event, from before it
- `livecam judge photos/` : is the map true? deletion, insertion, pointing, boxes
- `livecam accuracy photos/` : how often is it right? of photos/daisy, photos/tulip ...
- `livecam batch clips/ --out archive` : a table of what every clip shows, second by second
- `livecam find archive "daisy > 0.8 for 2s"` : the moments of many clips that were measured
- `livecam bench` : how fast it is here, stage by stage
- `livecam doctor` : what works on this machine, and how to fix what does not
- `livecam config` : every setting, and where it came from
"""

_OF_A_CAMERA = {"default": "livecam", "run": "livecam", "serve": "livecam serve"}
"""Functions of commands that open camera 0 where no source is given, as they are typed."""

_OF_THEIR_OWN_MODULES = (
    "judge", "accuracy", "teach", "watch", "batch", "find", "models", "repair",
)  # fmt: skip
"""Commands that are imported when they are run, or their help is shown: cli/NAME_command.py."""

_FOR_HELP = ("--help", "-h")

Shell = Literal["bash", "zsh", "fish", "powershell"]
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
    _add_machine_commands(app, origins)
    _add_information_commands(app, origins)
    app.command(_bench(origins), help_formatter=HelpWithout(NOT_OF_BENCH))
    for name in _OF_THEIR_OWN_MODULES:
        app.command(f"livecam.cli.{name}_command:{name}_app", name=name)
    _add_completion(app)

    @app.meta.default
    def with_config(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        config: Annotated[Path | None, Parameter(help="Settings file (TOML).")] = None,
    ) -> int:
        file = settings_file_of(config, tokens)
        context = CommandContext(app, origins, lambda: parse_command(app, tokens, file, origins))
        parsed = context.parse()
        if origins.current_folder_file is not None:  # said of settings that are right
            say(current_folder_notice(origins.current_folder_file))
        for notice in origins.notices:
            say(notice)
        name, arguments = parsed.command.__name__, parsed.bound.arguments
        if name in _OF_A_CAMERA and "source" not in arguments:
            _report_other_cameras(_OF_A_CAMERA[name])
        code: int | None = parsed.call(context)
        return code or 0

    return app


def run_command(app: App, tokens: Sequence[str]) -> int | None:
    """Run what was typed; gives its exit code.

    Raises:
        CycloptsError: it cannot be understood.
        LivecamError: it failed.
    """
    if any(word.startswith(_FOR_HELP) for word in tokens):
        for name in _OF_THEIR_OWN_MODULES:  # the list of commands has their first sentences
            app[name]
    if any(word.startswith(("--config", *_FOR_HELP)) for word in tokens):
        code: int | None = app.meta(tokens, exit_on_error=False, print_error=False)
        return code
    # Looking for --config among the words, cyclopts puts together every argument of the command
    # once more: 30 ms.
    with_config: Any = app.meta.default_command
    return int(with_config(*tokens))


def _add_source_commands(app: App, origins: SettingOrigins) -> None:
    """The commands that open a source."""

    @app.default
    def default(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        _refuse_mistyped_command(app, source)
        return _run_source(source, settings or Settings())

    @app.command
    def run(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        """Run a source: the same as livecam SOURCE."""
        return _run_source(source, settings or Settings())

    @app.command
    def serve(source: Source = "0", /, *, settings: Settings | None = None) -> int:
        """Show a source in the browser: picture, figures and keys on a web page.

        Of a folder of events, as livecam watch keeps them, it shows the timeline; of an archive of
        livecam batch a search for moments.
        """
        from livecam.core.archive.manifest import MANIFEST_FILE
        from livecam.sinks.events.event_index import is_events_folder

        if (Path(source) / MANIFEST_FILE).is_file():
            from livecam.cli.serve_archive import serve_archive

            return serve_archive(Path(source), settings or Settings(), origins.by_name)

        if is_events_folder(Path(source)):
            from livecam.cli.serve_events import serve_events

            return serve_events(Path(source), settings or Settings(), origins.by_name)
        return _run_source(source, _with_web_page(settings or Settings()))

    @app.command(help_formatter=HelpWithout(NOT_OF_DEMO))
    def demo(*, settings: Settings | None = None) -> int:
        """Run at once, offline: a 3D daisy and the built-in flowers model."""
        from livecam.cli.demo import run_demo

        return run_demo(settings or Settings(), origins.by_name)


def _add_information_commands(app: App, origins: SettingOrigins) -> None:
    """The commands that report on classes, figures and settings."""

    @app.command(config=())
    def classes(
        *search: Annotated[str, Parameter(help="Words of a name or a kind, or a number.")],
        model: Annotated[str, Parameter(help="imagenet, flowers or a file.")] = "imagenet",
        as_json: AsJson = False,
    ) -> int:
        """List the classes of a model: number, WordNet synset, name, kind, other names."""
        from livecam.cli.classes import list_classes

        return list_classes(" ".join(search), model, as_json=as_json)

    @app.command(config=())
    def stats_columns(*, as_json: AsJson = False) -> int:
        """Say what each column of --stats and --record-stats means."""
        from livecam.cli.stats_columns import list_stats_columns

        return list_stats_columns(as_json=as_json)

    @app.command(help_formatter=HelpWithout(EVERY_SETTING))
    def config(*, settings: Settings | None = None) -> int:
        """Print every setting with its value and where it came from, as a TOML file.

        It takes every flag of `livecam --help`, and shows what it would mean.
        """
        from livecam.cli.config import print_config

        return print_config(settings or Settings(), origins.by_name)


def _add_machine_commands(app: App, origins: SettingOrigins) -> None:
    """The commands that report on the machine and what is attached to it."""

    @app.command(config=())  # none of the settings applies here
    def devices(*, as_json: AsJson = False) -> int:
        """List the cameras; --json for programs."""
        from livecam.cli.devices import list_devices

        return list_devices(as_json=as_json)

    @app.command(config=())
    def microphones(*, as_json: AsJson = False) -> int:
        """List the microphones; --json for programs."""
        from livecam.cli.microphones import print_microphones

        return print_microphones(as_json=as_json)

    @app.command(config=())
    def doctor(*, as_json: AsJson = False) -> int:
        """Check what works on this machine, what does not, and how to fix it."""
        from livecam.cli.doctor import run_doctor

        return run_doctor(app, origins, as_json=as_json)


def _add_completion(app: App) -> None:
    """The command that is spelled as a flag, as other programs do."""

    @app.command(name="--install-completion", config=())
    def install_completion(
        *, shell: Annotated[Shell | None, Parameter(help="By default the one that runs.")] = None
    ) -> int:
        """Let the Tab key complete commands, flags and files: bash, zsh, fish, powershell."""
        from livecam.cli.completion import install_completion

        return install_completion(app, shell)


def _bench(origins: SettingOrigins) -> Callable[..., int]:
    def bench(
        source: Annotated[
            str | None,
            Parameter(help="As for livecam; by default a clip of the daisy scene, made first."),
        ] = None,
        /,
        *,
        as_json: AsJson = False,
        encode: Annotated[bool, Parameter(help="Also record; the file is removed.")] = True,
        settings: Settings | None = None,
    ) -> int:
        """Measure how long each stage takes here, with any engine, precision and size."""
        from livecam.cli.bench import run_bench

        refuse_foreign_flags("bench", NOT_OF_BENCH, origins.by_name)
        chosen = settings or Settings()
        return run_bench(source, chosen, origins.by_name, as_json=as_json, encode=encode)

    return bench


def _with_web_page(settings: Settings) -> Settings:
    """With the page, and with a window only where one was asked for."""
    window = replace(settings.window, window=settings.window.window or False)
    return replace(settings, window=window, serve=replace(settings.serve, serve=True))


def _run_source(source: str, settings: Settings) -> int:
    from livecam.cli.run import run_source

    return run_source(source, settings)


def _refuse_mistyped_command(app: App, source: str) -> None:
    from livecam.cli.usage_errors import command_names, refuse_mistyped_command

    refuse_mistyped_command(source, command_names(app))


def _report_other_cameras(command: str) -> None:
    from livecam.cli.other_cameras import report_other_cameras

    report_other_cameras(command)
