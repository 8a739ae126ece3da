"""Which class a picture shows, of what leads in the windows of its map."""

import numpy as np
import pytest

from livecam.core.seen_class import leader_of

ROSE, TULIP, OTHER = 0, 1, 2
FLOWERS = (ROSE, TULIP)


@pytest.mark.parametrize(
    ("leading", "seen_from", "seen", "why"),
    [
        ([0.7, 0.0, 0.99], 0.0, ROSE, "other leads elsewhere, and hides nothing"),
        ([0.7, 0.0, 0.99], 0.8, OTHER, "one window of many is so probable by chance"),
        ([0.8, 0.0, 0.99], 0.8, ROSE, "the level itself is enough"),
        ([0.7, 0.0, 0.0], 0.8, ROSE, "it fills the picture"),
        ([0.7, 0.75, 0.0], 0.8, TULIP, "of two that fill it the more probable one"),
        ([0.7, 0.9, 0.6], 0.8, TULIP, "of two the more probable one, whatever other is"),
        ([0.7, 0.0, 0.6], 0.8, OTHER, "also where the flower is more probable than other"),
        ([0.0, 0.0, 0.9], 0.8, OTHER, "nothing else leads"),
    ],
)
def test_a_class_is_seen_where_it_leads_and_is_probable_enough(leading, seen_from, seen, why):
    found, probability = leader_of(np.array(leading), FLOWERS, seen_from)
    assert found == seen, why
    assert probability == leading[seen]


def test_a_network_without_other_names_what_leads_however_improbable():
    assert leader_of(np.array([0.4, 0.5, 0.3]), (0, 1, 2), 0.9) == (1, 0.5)
