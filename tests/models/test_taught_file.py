"""NAME.livecam: written and read, damaged, of other programs, and as a model that is opened."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest

from livecam.assembly.open_model import open_model
from livecam.core.head import Head
from livecam.core.teaching.held_out import ClassFigure
from livecam.errors import ModelError, SettingsError
from livecam.core.map_scale import MapScale
from livecam.models.catalogue import flowers_spec, spec_of
from livecam.models.network_options import NetworkOptions
from livecam.models.taught_file import (
    TaughtBase,
    TaughtModel,
    is_taught_file,
    read_taught_file,
    taught_bytes,
)
from livecam.models.weights import BUNDLED_WEIGHTS, file_digest
from support import textured

FIGURES = (
    ClassFigure("rose", 4, 4, 3, (3, 1, 0)),
    ClassFigure("Frauenmantel", 1, 0, 0, (0, 0, 0)),
    ClassFigure("other", 0, 0, 0, (0, 0, 0)),
)


def taught_on_flowers(**changes) -> TaughtModel:
    rng = np.random.default_rng(0)
    channels, digest = 512, file_digest(flowers_spec().bundle / BUNDLED_WEIGHTS)
    head = Head(
        np.asfortranarray(rng.normal(size=(channels, 3)).astype(np.float32)),
        rng.normal(size=3).astype(np.float32),
    )
    parts = {
        "base": TaughtBase("flowers", 0.5, digest),
        "head": head,
        "temperature": 2.5,
        "figures": FIGURES,
    }
    return TaughtModel(**(parts | changes))


def written(folder, taught=None, name="garden.livecam"):
    path = folder / name
    path.write_bytes(taught_bytes(taught or taught_on_flowers()))
    return path


def test_what_is_read_is_what_was_written(tmp_path):
    taught = taught_on_flowers()
    found = read_taught_file(written(tmp_path, taught))
    np.testing.assert_array_equal(found.head.kernel, taught.head.kernel)
    np.testing.assert_array_equal(found.head.bias, taught.head.bias)
    assert (found.base, found.figures) == (taught.base, taught.figures)
    assert found.temperature == taught.temperature
    assert found.has_other


def test_it_is_small_and_the_same_each_time():
    assert taught_bytes(taught_on_flowers()) == taught_bytes(taught_on_flowers())
    assert len(taught_bytes(taught_on_flowers())) < 20_000


def test_it_is_known_by_what_it_is(tmp_path):
    assert is_taught_file(written(tmp_path, name="garden.zip"))
    (tmp_path / "no.livecam").write_bytes(b"hello")
    assert not is_taught_file(tmp_path / "no.livecam")
    assert not is_taught_file(tmp_path)


def test_the_map_is_exact(tmp_path):
    model = open_model(spec_of(written(tmp_path)), engine="litert", threads=1)
    assert list(model.labels) == ["rose", "Frauenmantel", "other"]
    assert list(model.class_choices) == [0, 1]
    assert model.map_scale == MapScale(36.0)
    for size in ((224, 224), (448, 224)):
        rgb = textured(*size)
        output = model.infer(rgb)
        for k in (0, 1):
            grid = model.spec.taught.head.kernel[:, k]
            whole = (output.features @ grid).mean() + model.head.bias[k]
            assert whole == pytest.approx(output.logits[k], abs=1e-4)
            assert model.activation(output, k).temperature == 2.5


def test_it_says_what_it_is(tmp_path):
    spec = spec_of(written(tmp_path))
    assert spec.title == "garden on MobileNet 0.5 flowers"
    assert spec.facts["held out"] == "rose 3 of 4, Frauenmantel (1 sample), other (0 samples)"


def test_other_weights_below_it_are_refused(tmp_path):
    other = TaughtBase("flowers", 0.5, "0" * 64)
    spec = spec_of(written(tmp_path, taught_on_flowers(base=other)))
    with pytest.raises(ModelError, match="was taught on other weights of MobileNet"):
        open_model(spec, engine="litert", threads=1)


@pytest.mark.parametrize("base", [("resnet", 1.0), ("imagenet", 0.3), ("flowers", 1.0)])
def test_networks_that_are_not_there_are_named(tmp_path, base):
    path = written(tmp_path, taught_on_flowers(base=TaughtBase(*base, "0" * 64)))
    with pytest.raises(ModelError, match=f"taught on {base[0]} {base[1]:g}, which this livecam"):
        spec_of(path)


def test_a_head_of_another_width_is_refused(tmp_path):
    narrow = Head(np.ones((7, 3), np.float32), np.ones(3, np.float32))
    with pytest.raises(ModelError, match="does not fit"):
        open_model(spec_of(written(tmp_path, taught_on_flowers(head=narrow))), engine="litert")


def test_flags_for_other_networks_are_refused(tmp_path):
    with pytest.raises(SettingsError, match="says all of that itself"):
        spec_of(written(tmp_path), options=NetworkOptions(input_size_px=224))
    with pytest.raises(SettingsError, match="--weights is for"):
        spec_of(written(tmp_path), None, tmp_path / "w.h5")


def with_member(path, name: str, content: bytes) -> None:
    """Replace a member of the archive."""
    with zipfile.ZipFile(path) as archive:
        members = {old: archive.read(old) for old in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for old, old_content in (members | {name: content}).items():
            archive.writestr(old, old_content)


def changed_about(path, **changes) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return json.dumps(json.loads(archive.read("about.json")) | changes).encode()


def npy(array, **how) -> bytes:
    file = io.BytesIO()
    np.save(file, array, **how)
    return file.getvalue()


DAMAGES = {
    "no JSON": ("about.json", b"{"),
    "a list": ("about.json", b"[]"),
    "pickled code": ("kernel.npy", pickle.dumps(print)),
    "pickled numbers": ("kernel.npy", npy(np.array([None]), allow_pickle=True)),
    "cut numbers": ("kernel.npy", npy(np.ones((512, 3), np.float32))[:-9]),
    "too few classes": ("bias.npy", npy(np.ones(2, np.float32))),
    "infinite": ("bias.npy", npy(np.full(3, np.inf, np.float32))),
    "text": ("bias.npy", npy(np.array(["a", "b", "c"]))),
}


@pytest.mark.parametrize(("member", "content"), DAMAGES.values(), ids=DAMAGES)
def test_damaged_files_get_one_line(tmp_path, member, content):
    path = written(tmp_path)
    with_member(path, member, content)
    with pytest.raises(ModelError) as raised:
        read_taught_file(path)
    assert "is no whole .livecam file" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["", "ROSE", 3 * "x"])
def test_classes_without_names_of_their_own_are_damage(tmp_path, name):
    path = written(tmp_path)
    figures = [{"name": n, "samples": 1, "judged": 0, "right": 0, "taken_for": []}
               for n in ("rose", name, "other")]  # fmt: skip
    with_member(path, "about.json", changed_about(path, classes=figures))
    if name == "xxx":
        assert read_taught_file(path).class_names == ("rose", "xxx", "other")
        return
    with pytest.raises(ModelError):
        read_taught_file(path)


def test_a_later_version_asks_for_a_newer_livecam(tmp_path):
    path = written(tmp_path)
    with_member(path, "about.json", changed_about(path, version=2))
    with pytest.raises(ModelError, match="install a newer livecam"):
        read_taught_file(path)


def test_what_would_fill_the_memory_is_not_unpacked(tmp_path):
    path = written(tmp_path)
    with_member(path, "kernel.npy", bytes(2**26 + 1))
    with pytest.raises(ModelError, match="too large"):
        read_taught_file(path)


def test_a_cut_file_is_called_damaged(tmp_path):
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ModelError, match="damaged or cut off"):
        spec_of(path)


def test_names_from_a_file_are_made_printable(tmp_path):
    path = written(tmp_path)
    entry = {"name": "ro\x1b[2Jse", "samples": 1, "judged": 0, "right": 0, "taken_for": []}
    entries = [entry, entry | {"name": "tulip"}, entry | {"name": "other"}]
    with_member(path, "about.json", changed_about(path, classes=entries))
    assert read_taught_file(path).class_names[0] == r"ro\u001b[2Jse"
