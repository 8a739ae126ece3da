"""`livecam doctor`: what works on this machine, what does not, and what to do about it."""

import dataclasses
import json

from rich.text import Text

from livecam.cli.console import say
from livecam.cli.doctor_checks import Check, all_checks
from livecam.cli.tables import print_table

CANNOT_RUN = 1
_COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}


def run_doctor(*, as_json: bool) -> int:
    """Print every check; 0 if the main job can run, else 1.

    The main job: a picture comes in, the network measures it, and it is shown or recorded. No
    camera is no obstacle: clips, streams and the daisy come in as well.
    """
    if not as_json:
        say("looking at this machine: some seconds ...")
    checks = list(all_checks())
    problem = main_problem(checks)
    if as_json:
        print(json.dumps([dataclasses.asdict(check) for check in checks], indent=1))
    else:
        rows = [(Text(c.state, _COLOURS[c.state]), c.name, c.found, c.do) for c in checks]
        print_table(("", "what", "how it is", "what to do"), rows)
    if problem:
        say(f"livecam cannot do its job here: {problem}.")
        return CANNOT_RUN
    if not as_json:
        warned = sum(check.state == "warn" for check in checks)
        also = f"; {warned} of {len(checks)} checks want attention" if warned else ""
        say(f"livecam can do its job here{also}")
    return 0


def main_problem(checks: list[Check]) -> str:
    """Why nothing would come of it; "" where something does."""
    bad = [check for check in checks if check.state == "bad"]
    if bad:
        return "; ".join(f"{check.name}: {check.found}" for check in bad)
    states = {check.name: check.state for check in checks}
    if states.get("window") != "ok" and states.get("encoders") != "ok":
        return "there is neither a window nor an encoder"
    return ""
