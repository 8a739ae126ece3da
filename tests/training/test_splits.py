"""Photographs of other things: kept apart by whole sources, every kind of thing held out."""

from collections import defaultdict

import pytest

from training.data.credits import CREDITS_FILE, credit_lines
from training.data.other_groups import ASKED_FOR, GROUPS, group_of
from training.data.photographs import credited, other_files
from training.data.splits import SPLIT_OF_SOURCE, source_of, split_of_clip, split_of_other


@pytest.fixture(scope="module")
def files(shared):
    return list(other_files(shared))


def test_no_source_is_in_two_splits(files):
    splits = defaultdict(set)
    for file in files:
        splits[source_of(file.path.name)].add(file.split)
    assert set(splits) == set(SPLIT_OF_SOURCE)
    assert all(len(found) == 1 for found in splits.values())


def test_the_frames_of_a_source_go_with_its_clips():
    assert split_of_clip("intel_asl_walk.mkv") == split_of_other("intelvideos__0000.jpg")


def test_a_source_nobody_decided_about_is_an_error():
    with pytest.raises(KeyError):
        split_of_other("newsource__0001.jpg")


def test_every_photograph_has_a_group_and_every_group_is_held_out(files):
    assert {file.group for file in files} <= set(GROUPS)
    assert set(ASKED_FOR) <= {file.group for file in files if file.split == "test"}


@pytest.mark.parametrize("group", ["rooms", "faces", "food", "groceries", "patterns"])
def test_what_is_held_out_is_also_trained_on_from_another_source(files, group):
    sources = {
        split: {source_of(f.path.name) for f in files if (f.split, f.group) == (split, group)}
        for split in ("train", "test")
    }
    assert sources["train"]
    assert not sources["train"] & sources["test"]


@pytest.mark.parametrize(
    ("name", "kind", "group"),
    [
        ("openimages__0005.jpg", "open images", "faces"),
        ("openimages__0001.jpg", "open images", "outdoors"),
        ("streetcomplete__0009.jpg", "ground, lawn", "patterns"),
        ("grocery__0000.jpg", "fruit", "groceries"),
        ("insectdetect__0030.jpg", "outdoor device, insects", "hands"),
        ("coral_hot_dog.jpg", "", "food"),
    ],
)
def test_the_group_is_that_of_the_picture_before_that_of_its_source(name, kind, group):
    assert group_of(name, kind) == group


def test_the_table_of_credits_names_every_photograph(shared):
    lines = credit_lines(credited(shared))
    written = [tuple(row.split("\t")) for row in CREDITS_FILE.read_text("utf-8").splitlines()[1:]]
    assert written == lines
    assert sum(int(line[2]) for line in lines) == len(credited(shared))
