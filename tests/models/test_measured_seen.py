"""What the library says is seen on a map of more than 7 x 7 cells."""

from types import SimpleNamespace

import numpy as np
from support import textured

from livecam.assembly.library_arguments import ClassChoice
from livecam.assembly.measure_pictures import measure_picture
from livecam.assembly.open_model import OpenedModel
from livecam.core.head import Head
from livecam.models.catalogue import flowers_spec
from livecam.settings.schema import MapSettings

HEAD = Head(np.eye(6, dtype=np.float32), np.zeros(6, np.float32))


def test_the_library_sees_what_leads_in_a_window_whatever_other_says_beside_it():
    """It said "dandelion 99.5 %; sees something else"."""
    features = np.zeros((14, 24, 6), np.float32)
    features[:, :8, 1], features[:, 8:, 5] = 19.0, 40.0
    engine = SimpleNamespace(infer=lambda _: features, name="fake", details="fake")
    model = OpenedModel(flowers_spec(), engine, HEAD)
    measured = measure_picture(
        model, textured(320, 224), ClassChoice(follows=True, named=()),
        MapSettings(area="frame", detail=2), features=False,
    )  # fmt: skip
    assert measured.probability > 0.99
    assert measured.seen == measured.class_name == "dandelion"
