"""What several pages say, they say alike, and as the program does."""

import re
from pathlib import Path

import pytest

from livecam.models.catalogue import FLOWERS_LEVELS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
INSTALLED = re.compile(r"pip install [^`\n]*\[[a-z,]+\][\"']?")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_extras_are_installed_from_the_folder_of_livecam(page):
    """From a registry would come what is called so there, whatever that is."""
    for line in INSTALLED.findall(page.read_text("utf-8")):
        assert re.search(r"[\"']?\.\[[a-z,]+\][\"']?$", line), line


def test_from_which_probability_on_the_small_network_is_sure():
    teacher = (ROOT / "docs" / "tutorials" / "teacher.md").read_text("utf-8")
    limits = (ROOT / "docs" / "limits.md").read_text("utf-8")
    assert f"less than {100 * FLOWERS_LEVELS[0].sure_from:.0f} % sure" in teacher
    assert f"below {FLOWERS_LEVELS[0].sure_from} it says" in limits
