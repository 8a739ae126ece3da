"""Settings of the web page: host, port, token and the names of this machine."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.core.printable_text import quoted
from livecam.settings.allowed_values import (
    Integer,
    check_file_name,
    split_at_commas,
)
from livecam.settings.groups import WEB_PAGE

ALLOWED_TOKEN = re.compile(r"[A-Za-z0-9._~-]{16,200}")


def check_host(_: object, host: str) -> None:
    """An address to serve on, not empty."""
    if not host:
        raise ValueError("must be an address: 127.0.0.1, or 0.0.0.0 for the network.")


def check_host_names(_: object, names: tuple[str, ...]) -> None:
    """Host names without scheme and port, as in a URL between // and :."""
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", name):
            raise ValueError(f"{quoted(name)} must be a name alone, like camera.example.org.")


def check_token(_: object, token: str | None) -> None:
    """Long enough not to be guessed, and safe in a URL."""
    if token is not None and not ALLOWED_TOKEN.fullmatch(token):
        raise ValueError("must be 16 to 200 letters, digits or any of . _ ~ -.")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ServeSettings:
    """The same picture in a browser."""

    serve: Annotated[bool, Parameter(group=WEB_PAGE, negative="")] = False
    """Also show the picture on a web page; livecam serve shows it only there."""

    host: Annotated[str, Parameter(group=WEB_PAGE, validator=check_host)] = "127.0.0.1"
    """Address of the page: this machine only, or 0.0.0.0 for the network."""

    port: Annotated[Integer, Parameter(group=WEB_PAGE, validator=Number(gte=0, lte=65535))] = 8765
    """Port of the page; 0 chooses a free one."""

    token: Annotated[str | None, Parameter(group=WEB_PAGE, validator=check_token)] = None
    """Secret that the page asks for; by default a new one, which is part of the printed link. Other
    programs can read it from the command line: better give it in LIVECAM_TOKEN or --token-file."""

    token_file: Annotated[Path | None, Parameter(group=WEB_PAGE, validator=check_file_name)] = None
    """Keep the secret in this file, so that links and logins hold over restarts; made with a new
    one where it is missing, refused where others can read it."""

    ask_token: Annotated[bool, Parameter(group=WEB_PAGE, negative="--no-token")] = True
    """Ask for the secret; with --no-token everybody who can reach the page may watch and record,
    other users of this machine too."""

    guests: Annotated[bool, Parameter(group=WEB_PAGE, negative="")] = False
    """Let everybody who can reach the page look, without the secret: at the live picture and its
    figures. To change, record, play, delete or end anything the secret is still needed."""

    allow_host: Annotated[
        tuple[str, ...],
        Parameter(
            name="--allow-host",
            group=WEB_PAGE,
            negative="",
            env_var_split=split_at_commas,
            validator=check_host_names,
        ),
    ] = ()
    """Another host name of this machine, of a proxy or in the network; repeatable."""
