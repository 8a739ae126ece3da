"""Accuracy: counts, the interval of a share, the confusion."""

import pytest

from livecam.core.accuracy import Accuracy, NamedPicture, Share, accuracy_object

PICTURES = [
    NamedPicture("a", "rose", "rose", 0.9, among_five=True),
    NamedPicture("b", "rose", "tulip", 0.6, among_five=True),
    NamedPicture("c", "rose", "tulip", 0.8, among_five=False),
    NamedPicture("d", "rose", "daisy", 0.7, among_five=True),
    NamedPicture("e", "daisy", "daisy", 1.0, among_five=True),
]


@pytest.mark.parametrize(
    ("count", "total", "interval"),
    [
        (0, 10, (0.0, 0.2775)),
        (40, 40, (0.9124, 1.0)),
        (50, 100, (0.4038, 0.5962)),
        (1, 1, (0.2065, 1.0)),
    ],
)
def test_the_interval_is_wilsons(count, total, interval):
    """The values are those of R's binom.confint(method = "wilson")."""
    assert Share(count, total).interval == pytest.approx(interval, abs=5e-5)


def test_pictures_are_counted_by_class_and_by_what_they_are_called():
    accuracy = Accuracy.of(PICTURES)
    assert (accuracy.right, accuracy.among_five) == (Share(2, 5), Share(4, 5))
    daisy, rose = accuracy.classes
    assert (daisy.class_name, daisy.right, daisy.mistaken_for) == ("daisy", Share(1, 1), {})
    assert (rose.right, rose.mistaken_for) == (Share(1, 4), {"tulip": 2, "daisy": 1})
    assert next(iter(rose.mistaken_for)) == "tulip"
    assert accuracy.columns == ["daisy", "rose", "tulip"]
    assert [mistake.picture for mistake in accuracy.surest_mistakes] == ["c", "d", "b"]


def test_as_json_every_picture_has_its_class_and_what_it_is_called():
    document = accuracy_object(Accuracy.of(PICTURES))
    assert (document["accuracy"], document["right"], document["count"]) == (0.4, 2, 5)
    assert document["classes"]["rose"]["named"] == {"tulip": 2, "rose": 1, "daisy": 1}
    assert document["pictures"][1] == {
        "picture": "b", "class": "rose", "named": "tulip", "probability": 0.6,
    }  # fmt: skip
