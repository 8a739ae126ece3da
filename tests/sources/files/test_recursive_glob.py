"""Globs with **: as Python's own, but links that lead back are not followed."""

import glob
import os

import pytest

from livecam.sources.files.listing import list_files
from livecam.sources.files.recursive_glob import recursive_glob


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name in ("a.jpg", "b/c.jpg", "b/d/e.jpg", "b/d/[f]/g.jpg", ".h/i.jpg", "b/.j.jpg"):
        path = tmp_path / "top" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "top"


@pytest.mark.parametrize(
    "pattern",
    ["top/**/*", "**/*", "**/*.jpg", "**", "top/**", "top/**/d/*.jpg", "*/**/*.jpg", "top/*/**/*",
     "top/**/d/**/*.jpg", "none/**/*", "top/a.jpg/**/*", "top/*.jpg", "top/b**/*.jpg", "./**/*"],
)  # fmt: skip
def test_without_circles_it_is_pythons_own(tree, pattern):
    assert sorted(recursive_glob(pattern)) == sorted(set(glob.glob(pattern, recursive=True)))
    absolute = os.path.join(tree.parent, pattern)  # noqa: PTH118  (a Path would lose the dot)
    assert sorted(recursive_glob(absolute)) == sorted(set(glob.glob(absolute, recursive=True)))


def link(path, target):
    try:
        path.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")


def test_links_that_lead_back_are_not_followed(tree):
    """Two of them in a folder: Python's own would see 2 ** 40 folders."""
    link(tree / "b" / "again", ".")
    link(tree / "b" / "above", tree.parent)
    link(tree / "b" / "d" / "b", tree / "b")
    found = recursive_glob(str(tree / "**" / "*.jpg"))
    names = sorted(os.path.relpath(path, tree) for path in found)
    assert names == ["a.jpg", "b/c.jpg", "b/d/[f]/g.jpg", "b/d/e.jpg"]


def test_links_to_elsewhere_are_followed_and_not_round_in_circles(tree, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "k.jpg").write_bytes(b"")
    link(tree / "others", tmp_path / "other")
    link(tmp_path / "other" / "back", tree)
    found = recursive_glob(str(tree / "**" / "k.jpg"))
    assert found == [str(tree / "others" / "k.jpg")]


def test_a_folder_is_listed_once(tree):
    link(tree / "again", ".")
    listing = list_files(str(tree / "**" / "*"), lambda _: False)
    assert [path.name for path in listing.paths] == ["a.jpg", "c.jpg", "g.jpg", "e.jpg"]
    assert listing.unusable == ()
