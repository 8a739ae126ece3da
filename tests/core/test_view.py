"""The view: which class a pair has beside the shown one."""

import pytest

from livecam.core.view import View


@pytest.mark.parametrize(
    ("shown", "cycle", "second"),
    [(1, (1, 4, 2), 4), (2, (1, 4, 2), 1), (7, (1, 4, 2), 1), (1, (1,), None), (1, (), None)],
)
def test_a_pair_has_the_class_that_n_leads_to(shown, cycle, second):
    assert View(shown, cycle, style="pair").second_class == second
    assert View(shown, cycle).second_class is None
