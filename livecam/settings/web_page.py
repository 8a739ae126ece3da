"""Settings of the web page: host, port, token and the names of this machine."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.settings.validators import (
    Integer,
    check_host,
    check_host_names,
    check_token,
    split_at_commas,
)

_GROUP = Group("Web page", sort_key=7)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class ServeSettings:
    """The same picture in a browser."""

    serve: Annotated[bool, Parameter(group=_GROUP, negative="")] = False
    """Also show the picture on a web page; livecam serve shows it only there."""

    host: Annotated[str, Parameter(group=_GROUP, validator=check_host)] = "127.0.0.1"
    """Address of the page: this machine only, or 0.0.0.0 for the network, with a token."""

    port: Annotated[Integer, Parameter(group=_GROUP, validator=Number(gte=0, lte=65535))] = 8765
    """Port of the page; 0 chooses a free one."""

    token: Annotated[str | None, Parameter(group=_GROUP, validator=check_token)] = None
    """Secret that the page asks for; by default a new one if other machines can reach the page."""

    allow_host: Annotated[
        tuple[str, ...],
        Parameter(
            name="--allow-host",
            group=_GROUP,
            negative="",
            env_var_split=split_at_commas,
            validator=check_host_names,
        ),
    ] = ()
    """Another host name of this machine, of a proxy or in the network; repeatable; asks for a
    token."""
