"""The command `livecam repair` with its arguments and help texts."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

repair_app = App(name="repair", help="Make a playable video from an interrupted recording.")
repair_app.config = ()  # none of the settings applies here


@repair_app.default
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
