"""The README is true: keys as in the table, flags that exist, lines that CI runs."""

import re
from pathlib import Path

import pytest

from livecam.core.key_bindings import help_rows
from livecam.models.catalogue import flowers_spec
from livecam.settings.schema import Settings
from livecam.cli.config import flat_settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def key_table() -> str:
    """The table of keys as the README shows it."""
    rows = ["| key | what it does |", "|---|---|"]
    for keys, words in help_rows():
        rows.append(f"| {' '.join(f'`{key}`' for key in keys.split())} | {words} |")
    return "\n".join(rows)


def test_the_keys_are_those_of_the_program():
    shown = README.split("<!-- keys -->")[1].split("<!-- end -->")[0].strip()
    assert shown == key_table()


def test_every_flag_in_the_readme_exists():
    names = {name for name, _ in flat_settings(Settings())} | {"config", "no-window", "json"}
    names |= {"long"}  # of the benchmarks
    assert set(re.findall(r"--([a-z][a-z-]+)", README)) <= names


def test_every_file_in_the_readme_exists():
    for name in re.findall(r"configs/\w+\.toml|docs/\w+\.\w+|livecam/\w+\.py", README):
        assert (ROOT / name).is_file(), name


def test_the_test_line_is_the_one_that_ci_runs():
    line = README.split("<!-- test -->")[1].split("<!-- end -->")[0]
    assert "pip install" in line
    assert "pytest" in line


def test_the_bundled_model_is_small_enough():
    files = list(flowers_spec().bundle.iterdir())
    assert sum(file.stat().st_size for file in files) <= 6_000_000


@pytest.mark.parametrize("word", ["session", "helper", "/work/", "agent"])
def test_the_readme_speaks_to_users(word):
    assert word not in README.casefold()
