"""`livecam doctor`: what works on this machine, what does not, and what to do about it."""

import dataclasses
import json

from cyclopts import App
from rich.text import Text

from livecam.cli.console import say
from livecam.cli.doctor_checks import Check, all_checks
from livecam.cli.doctor_settings import check_settings
from livecam.cli.tables import print_table
from livecam.settings.precedence import SettingOrigins

CANNOT_RUN = 1
_COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}


def run_doctor(app: App, origins: SettingOrigins, *, as_json: bool) -> int:
    """Print every check; 0 if the main job can run, else 1.

    The main job: a picture goes through the network and is shown or recorded. A camera is not
    necessary for it: clips, streams and the daisy scene work without one.

    Args:
        app: the program, which reads the settings.
        origins: filled by it.
        as_json: print JSON instead of a table.
    """
    if not as_json:
        say("checking this machine, which takes a few seconds ...")
    checks = [check_settings(app, origins), *all_checks()]
    problem = main_problem(checks)
    if as_json:
        print(json.dumps([dataclasses.asdict(check) for check in checks], indent=1))
    else:
        rows = [(Text(c.state, _COLOURS[c.state]), c.name, c.found, c.do) for c in checks]
        print_table(("", "check", "result", "what to do"), rows)
    if problem:
        say(f"livecam cannot run here: {problem}.")
        return CANNOT_RUN
    if not as_json:
        warned = sum(check.state == "warn" for check in checks)
        also = f"; {warned} of {len(checks)} checks need attention" if warned else ""
        say(f"livecam can run here{also}")
    return 0


def main_problem(checks: list[Check]) -> str:
    """Why the main job cannot run; "" where it can."""
    bad = [check for check in checks if check.state == "bad"]
    if bad:
        return "; ".join(f"{check.name}: {check.found}" for check in bad)
    states = {check.name: check.state for check in checks}
    if states.get("window") != "ok" and states.get("encoders") != "ok":
        return "there is neither a window nor an encoder"
    return ""
