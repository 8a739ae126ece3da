"""`livecam classes`: which classes there are, found by name, kind and number."""

import json

import pytest
from support import livecam_here

from livecam.cli.classes import list_classes
from livecam.errors import SettingsError


def printed(capsys, search="", model="imagenet", **how):
    assert list_classes(search, model, **{"as_json": False} | how) == 0
    return capsys.readouterr().out.splitlines()


def test_all_classes_are_listed_one_a_line(capsys):
    lines = printed(capsys)
    assert len(lines) == 1000
    assert lines[985].split()[:3] == ["985", "n11939491", "daisy"]


def test_the_two_cranes_are_told_apart(capsys):
    assert [line.split(maxsplit=3) for line in printed(capsys, "crane")] == [
        ["134", "n02012849", "crane", "wading bird"],
        ["517", "n03126707", "crane", "lifting device"],
    ]


def test_a_cat_is_a_tabby_and_no_catamaran(capsys):
    names = [line.split(maxsplit=2)[2] for line in printed(capsys, "cat")]
    assert [name.split()[0] for name in names[:3]] == ["tabby", "tiger", "Persian"]


def test_a_model_without_synsets_has_names_alone(capsys):
    assert printed(capsys, model="flowers") == [
        "0  daisy", "1  dandelion", "2  rose", "3  sunflower", "4  tulip",
    ]  # fmt: skip
    (entry,) = json.loads("".join(printed(capsys, "tulip", "flowers", as_json=True)))
    assert entry == {"index": 4, "name": "tulip", "names": ["tulip"]}


@pytest.mark.parametrize("search", ["cat", "cats", "domestic cat"])
def test_what_another_model_has_is_said(search):
    with pytest.raises(SettingsError) as raised:
        list_classes(search, "flowers", as_json=False)
    said = str(raised.value)
    assert said.startswith(
        f"flowers has no class {search!r}; imagenet has tabby, tiger cat, Persian cat, ...: '"
    )
    assert "without --model flowers" in said


@pytest.mark.parametrize(("search", "words"), [("dasy", "did you mean daisy"), ("17", "0 to 5")])
def test_what_no_model_has_is_said_as_before(search, words):
    with pytest.raises(SettingsError, match=words):
        list_classes(search, "flowers", as_json=False)


def test_programs_get_json(capsys):
    first, _ = json.loads("".join(printed(capsys, "crane", as_json=True)))
    assert first == {
        "index": 134, "name": "crane (wading bird)", "names": ["crane"], "kind": "wading bird",
        "synset": "n02012849",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("search", "words"), [("dasy", "did you mean daisy"), ("1000", "0 to 999")]
)
def test_nothing_found_is_one_line_with_what_comes_near(search, words):
    with pytest.raises(SettingsError, match=words):
        list_classes(search, "imagenet", as_json=False)


def test_as_a_user_runs_it(tmp_path):
    run = livecam_here("classes", "great", "shark", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("2  n01484850  great white shark")
    assert livecam_here("classes", "xyzzy", cwd=tmp_path).returncode == 2
    asked = livecam_here("daisy", "--no-window", "--stats", "-", "--class", "cat", cwd=tmp_path)
    assert asked.returncode == 2
    assert "did you mean tabby, tiger cat" in asked.stderr
    assert "'livecam classes'" in asked.stderr
