"""What the library refuses, and how it says so: in its own arguments, with the way out."""

import cv2
import numpy as np
import pytest
from support import textured, write_clip

import livecam
from livecam.errors import ModelError, SettingsError, SourceError


@pytest.mark.parametrize(("area", "detail"), [("all", 1), ("frame", 4), ("square", 2.0)])
def test_an_area_or_detail_that_does_not_exist_is_refused(model, bgr, area, detail):
    with pytest.raises(SettingsError, match="area must be" if area == "all" else "detail must be"):
        livecam.measure(model, bgr, area=area, detail=detail)


@pytest.mark.parametrize("name", [3.5, b"daisy", True, ["daisy", None], ["daisy", 2.0]])
def test_what_names_no_class_is_refused_and_shown(model, bgr, name):
    wrong = name[1] if isinstance(name, list) else name
    for call in (
        lambda: livecam.measure(model, bgr, name),
        lambda: livecam.annotate(bgr, model, class_name=name),
    ):
        with pytest.raises(TypeError, match=r"class_name must be a name") as caught:
            call()
        assert str(caught.value).endswith(f"not {wrong!r}")


def test_an_alpha_that_is_no_number_is_refused():
    with pytest.raises(SettingsError, match=r"alpha '0\.75' does not exist: use one of"):
        livecam.open_model(alpha="0.75")


@pytest.mark.parametrize(
    ("activation", "error"),
    [(None, ValueError), ("x", TypeError), ([[1, 2], [3]], TypeError), ([1, 2], ValueError),
     ([[float("nan")]], ValueError), (np.zeros((7, 7, 2)), ValueError), (object(), TypeError)],
)  # fmt: skip
def test_what_is_no_map_is_refused(bgr, activation, error):
    with pytest.raises(error, match="a map"):
        livecam.draw(bgr, activation)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.zeros((9, 9), np.uint8), "COLOR_GRAY2BGR"),
        (np.zeros((9, 9, 4), np.uint8), "fourth channel"),
        (np.zeros((9, 9, 3)), "from 0 to 1"),
        (None, "cv2.imread"),
        (np.full((9, 9, 3), 200.0), r"picture\.astype\(numpy\.uint8\) .* from 0 to 255"),
        (np.full((9, 9, 3), 200), r"picture\.astype\(numpy\.uint8\) .* from 0 to 255"),
        (np.full((9, 9, 3), 60000, np.uint16), "16 bits"),
        (np.full((9, 9, 3), -70000), "scale it"),
        (np.full((9, 9, 3), np.nan), "scale it"),
        (np.ones((9, 9, 3), bool), r"255 \* picture.astype"),
        (np.zeros((9, 9, 1), np.uint8), "COLOR_GRAY2BGR"),
        (np.ones((9, 9), bool), "255 .*COLOR_GRAY2BGR"),
        (np.zeros((3, 9, 9), np.uint8), r"transpose\(1, 2, 0\)"),
        (np.zeros((3, 9, 9), np.float32), r"from 0 to 1; picture.transpose\(1, 2, 0\)"),
    ],
)
def test_an_array_that_is_no_picture_is_refused_with_the_way_out(model, picture, words):
    for call in (livecam.measure, lambda m, p: next(livecam.annotate([p], m))):
        with pytest.raises(ValueError, match=words):
            call(model, picture)


def test_bytes_and_open_files_are_one_picture_that_pillow_opens(model, bgr, tmp_path):
    data = cv2.imencode(".png", bgr)[1].tobytes()
    (tmp_path / "a.png").write_bytes(data)
    for call in (livecam.measure, lambda m, p: next(livecam.annotate(p, m))):
        with pytest.raises(TypeError, match=r"not bytes: PIL\.Image\.open\(io\.BytesIO"):
            call(model, data)
        with (
            (tmp_path / "a.png").open("rb") as file,
            pytest.raises(TypeError, match=r"not BufferedReader: give its path"),
        ):
            call(model, file)


def test_a_map_that_is_not_finite_says_how_many(bgr):
    grid = np.zeros((7, 7))
    grid[0, :3] = np.nan
    with pytest.raises(ValueError, match="3 of its 49 are NaN or infinite"):
        livecam.draw(bgr, grid)


def test_the_bad_picture_of_a_batch_is_counted(model, bgr):
    with pytest.raises(ValueError, match=r"picture 1: .*uint8"):
        livecam.measure(model, [bgr, bgr.astype(float)])
    with pytest.raises(TypeError, match=r"picture 2: .*not int"):
        livecam.measure(model, [bgr, bgr, 7])


@pytest.mark.parametrize("picture", [7, object(), 2.5])
def test_what_has_no_pictures_is_refused_at_once(model, picture):
    for call in (lambda: livecam.measure(model, picture), lambda: livecam.annotate(picture, model)):
        with pytest.raises(TypeError, match="give a picture"):
            call()


def test_files_that_are_no_pictures_say_so(model, tmp_path):
    write_clip(tmp_path / "clip.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "notes.txt").write_text("no picture either")
    for path, words in (
        ("clip.mp4", "is a clip.*open_source"),
        (".", "is a folder.*open_source"),
        ("text.png", "text.png is damaged"),
        ("nowhere.png", "nowhere.png does not exist"),
        ("*.png", r"no picture '.*\*\.png'; as a glob, .*open_source"),
        ("notes.txt", "notes.txt is no picture"),
    ):
        with pytest.raises(SourceError, match=words) as caught:
            livecam.measure(model, tmp_path / path)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
        with pytest.raises(SourceError, match=f"picture 1: .*{words}"):
            livecam.measure(model, [textured(9, 9), tmp_path / path])


def test_a_path_that_is_no_path_says_so(model):
    for path, words in (
        ("", "the path is empty"),
        ("https://anna:s3cret@example.org/a.jpg", "https://example.org/a.jpg is an address"),
    ):
        with pytest.raises(SourceError, match=words) as caught:
            livecam.measure(model, path)
        assert "s3cret" not in str(caught.value)


def test_the_model_comes_first_or_second_and_the_error_says_where(model, bgr):
    with pytest.raises(TypeError, match=r"measure\(model, picture\)"):
        livecam.measure(bgr, model)
    with pytest.raises(TypeError, match=r"annotate\(source, model\)"):
        livecam.annotate(model, bgr)


def test_errors_speak_of_arguments_and_not_of_flags():
    wrong = [
        (SettingsError, "weights is for", lambda: livecam.open_model("flowers", weights="x.h5")),
        (SettingsError, "leave alpha out", lambda: livecam.open_model("flowers", alpha=0.25)),
        (ModelError, "check weights", lambda: livecam.open_model(weights="nowhere.h5")),
        (SettingsError, 'precision="int8"',
         lambda: livecam.open_model(engine="tensorflow", precision="int8")),
        (SourceError, "address is empty", lambda: livecam.open_source("")),
    ]  # fmt: skip
    for error, words, call in wrong:
        with pytest.raises(error, match=words) as caught:
            call()
        assert "--" not in str(caught.value)
        assert "SOURCE" not in str(caught.value)
