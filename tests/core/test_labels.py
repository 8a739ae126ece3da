"""Names of classes."""

import pytest

from livecam.errors import SettingsError
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.core.labels import Labels, chosen_classes, named_classes
from livecam.core.similar_names import PROPOSED
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


@pytest.mark.parametrize(
    ("wanted", "options"),
    [
        ("crane", "134 for crane (wading bird) or 517 for crane (lifting device)"),
        ("Cardigan", "264 for Cardigan (corgi) or 474 for cardigan (sweater)"),
        ("maillot", "638 for maillot (tights) or 639 for maillot (swimsuit)"),
    ],
)
def test_ambiguous_names_are_asked_for_by_index_and_told_apart(wanted, options):
    with pytest.raises(SettingsError, match="ambiguous") as caught:
        imagenet_labels().index_of(wanted)
    assert options in str(caught.value)


def test_no_two_classes_have_the_same_name_and_each_can_be_asked_for_by_it():
    labels = imagenet_labels()
    names = [name.casefold() for name in labels.first_names]
    assert len(set(names)) == 1000
    assert [labels.index_of(name) for name in names] == list(range(1000))


def test_every_class_of_imagenet_is_of_a_kind():
    labels = imagenet_labels()
    assert labels.synsets[985] == "n11939491"
    assert all(labels.kind_of(index) for index in range(1000))
    assert labels.kind_of(281) == "domestic cat"
    assert flowers_spec().labels.kind_of(0) == ""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cat", ["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat"]),
        ("cats", ["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat"]),
        ("Domestic_Cat", ["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat"]),
        ("crane", ["crane (wading bird)", "crane (lifting device)"]),
        ("crane bird", ["crane (wading bird)"]),
        ("sunglasses", ["sunglasses", "sunglass"]),
        ("flower", ["daisy", "yellow lady's slipper"]),
        ("zebra", ["zebra"]),
        ("person", ["scuba diver", "ballplayer", "groom"]),
    ],
)
def test_the_search_finds_kinds_before_parts_of_words(text, first):
    labels = imagenet_labels()
    assert [labels.first_names[index] for index in labels.search(text)][: len(first)] == first


@pytest.mark.parametrize("text", ["cat", "cats"])
def test_what_only_begins_or_contains_the_text_is_left_out_where_whole_words_are_found(text):
    labels = imagenet_labels()
    found = [labels.first_names[index] for index in labels.search(text)]
    last_cat = max(found.index(name) for name in ("leopard", "lion", "lynx", "cougar"))
    assert last_cat < found.index("Madagascar cat") < found.index("lesser panda") == len(found) - 1
    assert not {"catamaran", "bullfrog", "oscilloscope", "polecat", "crate"} & set(found)


def test_what_begins_with_the_text_comes_before_what_contains_it():
    labels = imagenet_labels()
    assert labels.first_names[labels.search("catam")[0]] == "catamaran"
    found = [labels.first_names[index] for index in labels.search("llfro")]
    assert found == ["bullfrog"]


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [("cat", "tabby, tiger cat, Persian cat, Siamese cat, Egyptian cat or one of"),
     ("bird", "indigo bunting"), ("taxi cab", "cab")],
)  # fmt: skip
def test_instead_of_a_kind_its_classes_are_offered(wanted, offered):
    with pytest.raises(SettingsError, match="there is no class") as caught:
        imagenet_labels().index_of(wanted)
    assert offered in str(caught.value)
    assert "crate" not in str(caught.value)


@pytest.mark.parametrize("wanted", ["tulip", "Sunflower", "rose"])
def test_a_class_of_the_other_model_is_found_there(wanted):
    with pytest.raises(SettingsError, match=r"the model flowers has it \(--model flowers\)"):
        imagenet_spec(1.0).labels.index_of(wanted)
    with pytest.raises(SettingsError, match=r"the model imagenet has it \(--model imagenet\)"):
        flowers_spec().labels.index_of("bee")
    with pytest.raises(SettingsError, match="did you mean"):
        imagenet_spec(1.0).labels.index_of("other shoe")


def test_a_kind_that_the_other_model_has_is_found_there():
    """Before, --model flowers --class cat offered its five flowers."""
    with pytest.raises(SettingsError) as caught:
        flowers_spec().labels.index_of("cat")
    assert "the model imagenet has tabby, tiger cat, Persian cat" in str(caught.value)
    assert "(--model imagenet)" in str(caught.value)
    with pytest.raises(SettingsError, match="use one of daisy, dandelion"):
        flowers_spec().labels.index_of("spaceship xyz")


@pytest.mark.parametrize("wanted", ["daisy,bee", "daisy, rose hip", "daisy;bee;985 , daisy"])
def test_several_classes_in_one_text_are_asked_for_as_a_list(wanted):
    with pytest.raises(SettingsError, match="give several classes as a list"):
        imagenet_labels().index_of(wanted.replace("985 , ", ""))


def test_a_class_is_found_by_its_synset_and_by_the_name_that_tells_it_apart():
    labels = imagenet_labels()
    assert labels.index_of("n02012849") == labels.index_of(" N02012849 ") == 134
    assert labels.search("n02012849") == [134]
    for index, name in ((134, "crane (wading bird)"), (264, "Cardigan (corgi)"),
                        (474, "cardigan (sweater)"), (639, "maillot (swimsuit)")):  # fmt: skip
        assert labels.index_of(name) == index
    with pytest.raises(SettingsError, match="by index or whole name, 134 for crane"):
        labels.index_of("crane")


def test_auto_is_no_class_but_may_stand_among_them():
    labels = flowers_spec().labels
    assert chosen_classes(labels, ["Auto", "rose"]) == (2,)
    assert chosen_classes(labels, ["auto"]) == (0,)
    assert named_classes(labels, ["auto"]) == ()


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


def test_every_class_can_be_chosen_by_its_index():
    labels = imagenet_labels()
    assert [labels.index_of(str(index)) for index in range(1000)] == list(range(1000))


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


@pytest.mark.parametrize(
    ("alike", "words"), [(0, "x2?"), (1, "x2 or one other?"), (2, "x2 or one of 2 others?")]
)
def test_the_classes_that_are_not_named_are_counted_in_right_words(alike, words):
    labels = Labels(tuple((f"x{i} thing",) for i in range(PROPOSED + alike)))
    with pytest.raises(SettingsError) as caught:
        labels.selectable_index_of("thing")
    assert words.replace("x2", f"x{PROPOSED - 1} thing") in str(caught.value)
