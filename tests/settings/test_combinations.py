"""Settings that do not go together are refused with what to do."""

import pytest

from livecam.errors import SettingsError
from livecam.settings.combinations import check_stats_flags
from livecam.settings.schema import ObjectSettings, OutputSettings, Settings


def checked(*, boxes, **output):
    check_stats_flags(
        Settings(
            objects=ObjectSettings(boxes), output=OutputSettings(stats="a.COCO.json", **output)
        )
    )


def test_coco_json_is_for_boxes():
    with pytest.raises(SettingsError, match="give --boxes as well"):
        checked(boxes=False)
    checked(boxes=True)


@pytest.mark.parametrize("flag", ["grid", "top", "timings"])
def test_figures_have_no_place_in_coco_json(flag):
    with pytest.raises(SettingsError, match=f"--{flag} .* COCO JSON has boxes only"):
        checked(boxes=True, **{flag: True})
