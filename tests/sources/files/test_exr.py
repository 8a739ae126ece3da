"""OpenEXR: light, colours of a screen, primaries; and a line where that is a guess."""

import struct

import numpy as np
import pytest
from sources.files.picture_samples import exr
from sources.files.picture_samples import PRIMARIES as PROFILES

from livecam.sources.files.file_sequence import FileSequence

D65 = (0.3127, 0.3290)
COLOUR = (0.8, 0.2, 0.05)


def chromaticities(name):
    points = [*PROFILES[name], D65]
    return {"chromaticities": ("chromaticities", struct.pack("<8f", *np.ravel(points)))}


def named(attribute, value):
    return {attribute: ("string", value.encode())}


def encoded(linear):
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear < 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def shown(path, colour, alpha=None, **attributes):
    """RGB of the picture and the notice."""
    channels = dict(zip("RGB", (np.full((20, 30), c) for c in colour), strict=True))
    if alpha is not None:
        channels["A"] = np.full((20, 30), alpha)
    path.write_bytes(exr(channels, **attributes))
    with FileSequence(str(path)) as files:
        (frame,) = files
        return frame.bgr[10, 10, ::-1].astype(int), files.notice


LINEAR = {
    "primaries of sRGB": chromaticities("sRGB"),
    "named by interop id": named("colorInteropID", "lin_rec709_scene"),
    "named by OpenImageIO": named("oiio:ColorSpace", "Linear"),
    "nothing": {},
    "gamma 1": {"gamma": ("float", struct.pack("<f", 1.0))},
}
FOR_SCREENS = {
    "interop id": named("colorInteropID", "srgb_rec709_display"),
    "OpenImageIO": named("oiio:ColorSpace", "sRGB"),
    "gamma": {"gamma": ("float", struct.pack("<f", 2.2))},
}


@pytest.mark.parametrize("how", LINEAR)
def test_light_is_encoded_and_a_guess_is_told(how, tmp_path):
    rgb, notice = shown(tmp_path / "a.exr", COLOUR, **LINEAR[how])
    assert rgb == pytest.approx(encoded(np.array(COLOUR)), abs=1.5)
    assert ("it does not say" in notice) == (how in {"nothing", "gamma 1"})


@pytest.mark.parametrize("how", FOR_SCREENS)
def test_what_is_made_for_a_screen_is_shown_as_it_is(how, tmp_path):
    rgb, notice = shown(tmp_path / "a.exr", COLOUR, **FOR_SCREENS[how])
    assert rgb == pytest.approx(255 * np.array(COLOUR), abs=1)
    assert not notice


@pytest.mark.parametrize(
    "attributes", [chromaticities("BT.2020"), named("colorSpace", "lin_rec2020")]
)
def test_primaries_are_converted(attributes, tmp_path):
    to_bt2020 = np.array(
        [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
    )
    rgb, notice = shown(tmp_path / "a.exr", to_bt2020 @ COLOUR, **attributes)
    assert rgb == pytest.approx(encoded(np.array(COLOUR)), abs=2)
    assert not notice


def test_transparent_pixels_are_mid_grey(tmp_path):
    assert shown(tmp_path / "a.exr", (0.0, 0.0, 0.0), alpha=0.0)[0] == pytest.approx([128] * 3)
    half = encoded(np.array(COLOUR)) / 2 + 64
    premultiplied = np.array(COLOUR) / 2
    assert shown(tmp_path / "b.exr", premultiplied, alpha=0.5)[0] == pytest.approx(half, abs=2)


def test_grey_and_what_is_not_a_number(tmp_path):
    grey = np.full((20, 30), 0.18)
    grey[0, 0] = np.nan
    (tmp_path / "a.exr").write_bytes(exr({"Y": grey}))
    with FileSequence(str(tmp_path)) as files:
        (frame,) = files
    assert set(frame.bgr[10, 10]) == {118}


def test_of_several_guesses_one_line_tells(tmp_path):
    for name in "abc":
        shown(tmp_path / f"{name}.exr", COLOUR)
    shown(tmp_path / "d.exr", COLOUR, **chromaticities("sRGB"))
    with FileSequence(str(tmp_path)) as files:
        assert len(list(files)) == 4
        assert files.notice.startswith("a.exr and 2 more do")
