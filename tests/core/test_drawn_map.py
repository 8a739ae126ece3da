"""What is written onto a drawn map stays inside of the picture."""

import numpy as np
import pytest

from livecam.core import text, text_panel
from livecam.core.text import BOLD, WHITE, Line, fitted, width_px
from livecam.core.text_panel import panel_size_px


@pytest.mark.parametrize("side", [60, 64, 96, 120, 179, 224])
@pytest.mark.parametrize("name", ["daisy", "sunflower", "German short-haired pointer", "W" * 60])
def test_the_label_is_never_wider_than_the_picture(side, name):
    base = text.base_size_px(side, side)
    line = fitted(Line(f"{name}  100.0 %", WHITE, 1.35, BOLD), side - 4, base)
    assert panel_size_px([line], base)[0] <= side - 4
    assert line.text.endswith("  100.0 %")
    assert line.text[:2] == name[:2]
    if name == "daisy":
        assert line.text == "daisy  100.0 %"
    picture = np.zeros((side, side, 3), np.uint8)
    text_panel.draw_panel(picture, [line], 2, 2, base)
    assert not picture[:, -2:].any()


def test_a_line_that_fits_stays_as_it_is():
    line = Line("daisy  97.5 %", WHITE, 1.35, BOLD)
    assert fitted(line, 400, 16) is line
    assert width_px(fitted(line, 100, 16), 16) <= 100
