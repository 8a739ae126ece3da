"""Names of classes."""

import pytest

from livecam.errors import SettingsError
from livecam.models.catalogue import flowers_spec
from livecam.core.labels import Labels, chosen_classes
from livecam.models.imagenet_labels import imagenet_labels


def test_the_thousand_classes_ship_in_the_package_and_daisy_is_985():
    labels = imagenet_labels()
    assert len(labels.names) == 1000
    assert labels.first_names[985] == "daisy"
    assert labels.first_names[0] == "tench"
    assert labels.first_names[999] == "toilet tissue"


def test_the_labels_are_those_of_the_synset_list(shared):
    lines = (shared / "labels" / "imagenet_synsets.txt").read_text().splitlines()
    # The list doubles some apostrophes.
    listed = [line.split(" ", 1)[1].replace("''", "'") for line in lines]
    assert [", ".join(names) for names in imagenet_labels().names] == listed


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("daisy", 985), ("Daisy", 985), ("985", 985), ("0", 0), ("bee", 309),
        ("great_white_shark", 2), ("great-white  shark", 2), ("tiger", 292),
        ("German shepherd dog", 235), ("134", 134),
    ],
)  # fmt: skip
def test_a_class_is_found_by_index_or_any_of_its_names(wanted, index):
    assert imagenet_labels().index_of(wanted) == index


@pytest.mark.parametrize(("wanted", "indices"), [("crane", (134, 517)), ("maillot", (638, 639))])
def test_ambiguous_names_are_asked_for_by_index(wanted, indices):
    with pytest.raises(SettingsError, match="ambiguous") as caught:
        imagenet_labels().index_of(wanted)
    assert all(str(index) in str(caught.value) for index in indices)


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [("dasy", "daisy"), ("shepherd", "German shepherd"), ("sunglass", "sunglass"), ("hen.", "hen")],
)
def test_for_an_unknown_name_the_nearest_are_offered(wanted, offered):
    try:
        assert imagenet_labels().index_of(wanted) >= 0
    except SettingsError as error:
        assert offered in str(error)  # noqa: PT017  (a usual name is as good as an offer)


@pytest.mark.parametrize("wanted", ["1000", "99999", "", "  ", "-1", "xyzzyq", "☃", "²", "٣"])
def test_nonsense_is_one_clear_line(wanted):
    with pytest.raises(SettingsError) as caught:
        imagenet_labels().index_of(wanted)
    assert "\n" not in str(caught.value)


def test_every_class_can_be_chosen_by_its_index_and_unique_first_names_by_name():
    labels = imagenet_labels()
    first = [name.casefold() for name in labels.first_names]
    for index, name in enumerate(first):
        assert labels.index_of(str(index)) == index
        if first.count(name) == 1:
            assert labels.index_of(name) == index


def test_chosen_classes_keep_their_order_and_count_once():
    labels = Labels((("a",), ("b", "bee"), ("c",)))
    assert chosen_classes(labels, ["c", "bee", "1", "a"]) == (2, 1, 0)


@pytest.mark.parametrize("wanted", ["othr", "zzz"])
def test_a_class_that_is_no_find_is_not_offered(wanted):
    with pytest.raises(SettingsError, match=r"of daisy, dandelion, rose, sunflower, tulip\.$"):
        flowers_spec().labels.index_of(wanted)


def test_the_search_puts_the_name_itself_first():
    labels = imagenet_labels()
    first = [labels.first_names[index] for index in labels.search("daisy")]
    assert first[0] == "daisy"
    assert len(labels.search("")) == 1000
    assert labels.search("985") == [985]
    assert labels.first_names[labels.search("great shark")[0]] == "great white shark"
    assert labels.search("no such thing") == []


def test_a_class_that_is_never_found_is_neither_searched_nor_selected():
    labels = flowers_spec().labels
    assert labels.search("other") == []
    assert labels.selectable_index_of("daisy") == labels.index_of("daisy")
    with pytest.raises(SettingsError, match="'other' has no map"):
        labels.selectable_index_of("other")
