"""README, CONTRIBUTING and docs/ are true: keys, flags, files, links, and the tutorial's code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cyclopts import App

from livecam.cli.commands import build_app
from livecam.core.key_bindings import BINDINGS
from livecam.models.catalogue import flowers_spec
from livecam.settings.precedence import SettingOrigins

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts),
]
FLAGS_OF_OTHER_PROGRAMS = {
    "dist",  # of pytest-xdist
    "long", "only",  # of the benchmarks
    "keep-going",  # of Sphinx
    "now", "unit", "follow",  # of systemd
    "header", "request", "data",  # of curl
    "tag", "file", "detach", "name", "stop-timeout", "publish", "volume", "device", "group-add",
    "signal",  # of podman
    "head", "address",  # of Ray
}  # fmt: skip


def key_table() -> str:
    """The table of keys as the README shows it."""
    rows = ["| key | what it does |", "|---|---|"]
    for binding in BINDINGS:
        keys = " ".join(f"`{key}`" for key in binding.key_names.split())
        rows.append(f"| {keys} | {binding.words} |")
    return "\n".join(rows)


def anchors_of(text: str) -> set[str]:
    """The anchors that GitHub gives to headings."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.casefold()).replace(" ", "-") for title in titles}


def blocks_of(text: str) -> list[tuple[str, str]]:
    """(language, code) of every fenced block."""
    return re.findall(r"^```(sh|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_readme_is_short():
    assert README.count("\n") <= 120


def test_the_keys_are_those_of_the_program():
    shown = README.split("<!-- keys -->")[1].split("<!-- end -->")[0].strip()
    assert shown == key_table()


def flags_below(app: App) -> set[str]:
    """Every flag of a command and of the commands below it, without dashes."""
    found = {flag for argument in app.assemble_argument_collection() for flag in argument.names}
    for name in app:
        found |= {name} if name.startswith("-") else flags_below(app[name])
    return {flag.removeprefix("--") for flag in found}


FLAGS = flags_below(build_app(SettingOrigins())) | FLAGS_OF_OTHER_PROGRAMS | {"config"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_flag_exists(page):
    assert set(re.findall(r"(?<![\w-])--([a-z][a-z-]+)", page.read_text("utf-8"))) <= FLAGS


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_leads_somewhere(name):
    """Those of docs/ are checked where Sphinx builds it."""
    for link in re.findall(r"\]\(([^)\s]+)\)", (ROOT / name).read_text("utf-8")):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = ROOT / (path or name)
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target.read_text("utf-8")), link


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_file_that_is_named_exists(page):
    pattern = r"(?<![\w/.~])(?:configs|docs|livecam|tests|training|benchmarks)/[\w/]+(?:\.\w+|/)"
    for name in re.findall(pattern, page.read_text("utf-8")):
        is_topic = name.startswith("livecam/bed/")  # of MQTT
        if "NAME" not in name and "_build" not in name and not is_topic:
            assert (ROOT / name).exists(), name


def test_the_test_line_is_the_one_that_ci_runs():
    line = README.split("<!-- test -->")[1].split("<!-- end -->")[0]
    assert "pip install" in line
    assert "pytest" in line


def test_the_code_of_the_third_tutorial_runs_as_it_stands(tmp_path):
    """Commands by the shell's words, Python in one program, in the order of the page.

    Its clip of ten seconds is a shorter and smaller one here: everything else is what a reader
    types. livecam's own commands run in that program, too, which imports all of it once.
    """
    script = ["import shlex, subprocess", "from livecam.cli.app import main"]
    for language, code in blocks_of((DOCS / "tutorials" / "student.md").read_text("utf-8")):
        if language == "python":
            script.append(code)
            continue
        for line in code.replace("\\\n", " ").splitlines():
            command = line.replace("--seconds 10 ", "--frames 105 --scene-size 320x240 ")
            if command.startswith("livecam "):
                script.append(f"assert main(shlex.split({command!r})[1:]) == 0")
            elif command:
                script.append(f"subprocess.run(shlex.split({command!r}), check=True)")
    program = tmp_path / "tutorial.py"
    program.write_text("\n".join(script), "utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LIVECAM_CACHE": str(tmp_path / "cache")}
    run = subprocess.run(
        [sys.executable, program], cwd=tmp_path, env=environment,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    assert "frames; at" in run.stdout
    assert (tmp_path / "photos.csv").is_file()


def test_the_bundled_model_is_small_enough():
    files = list(flowers_spec().bundle.iterdir())
    assert sum(file.stat().st_size for file in files) <= 6_000_000


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
@pytest.mark.parametrize("word", [r"\bsession", r"\bhelper", "/work/", r"\bagent"])
def test_the_pages_speak_to_users(page, word):
    """Magenta is a colour."""
    assert not re.search(word, page.read_text("utf-8").casefold())
