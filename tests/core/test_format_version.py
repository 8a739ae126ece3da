"""What a newer livecam wrote is refused in one line, whatever it is; other values say nothing."""

import pytest

from livecam.core.format_version import later_format


@pytest.mark.parametrize("found", [None, 0, 1, 2, True, "3", 3.0, [3], {}])
def test_what_is_known_or_no_version_is_read(found):
    assert later_format("garden", found, 2) == ""


def test_a_later_version_says_what_and_which_and_what_to_do():
    assert later_format("garden", 3, 2) == (
        "garden was written by a newer livecam (version 3 of its format, this one reads up to 2): "
        "install a newer livecam."
    )
