"""The export cache: made once, checked always, made again when damaged."""

import pytest

from livecam.errors import ModelError
from livecam.models import export_cache
from livecam.models.litert_export import ABOUT_FILE, HEAD_FILE, MODEL_FILE, read_export
from livecam.models.catalogue import imagenet_spec


@pytest.fixture
def spec(toy_weights, cache):
    """Random weights whose export lies in the session's cache."""
    spec = imagenet_spec(0.25, toy_weights)
    export_cache.ensure_export(spec, toy_weights)
    return spec


@pytest.fixture
def folder(spec, toy_weights):
    return export_cache.cache_folder() / "exports" / export_cache.export_key(spec, toy_weights)


def test_a_ready_export_is_taken_as_it_is(spec, toy_weights, monkeypatch):
    monkeypatch.setattr(export_cache, "write_export", None)
    messages = []
    assert export_cache.ensure_export(spec, toy_weights, messages.append).model_path.exists()
    assert messages == []


@pytest.mark.parametrize("name", [MODEL_FILE, HEAD_FILE, ABOUT_FILE])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_a_damaged_export_is_noticed(folder, tmp_path, name, damage):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert read_export(copy) is not None
    whole = (copy / name).read_bytes()
    if damage == "gone":
        (copy / name).unlink()
    elif damage == "cut":
        (copy / name).write_bytes(whole[: len(whole) // 2])
    else:
        middle = len(whole) // 2
        (copy / name).write_bytes(
            whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :]
        )
    if not (name == ABOUT_FILE and damage == "flipped"):
        assert read_export(copy) is None


def test_a_damaged_export_is_made_again(spec, toy_weights, folder):
    (folder / MODEL_FILE).write_bytes(b"nonsense")
    messages = []
    repaired = export_cache.ensure_export(spec, toy_weights, messages.append)
    assert repaired.model_path.stat().st_size > 500_000
    assert "first use" in messages[0]


def test_nothing_half_made_is_left_when_converting_fails(spec, toy_weights, tmp_path, monkeypatch):
    monkeypatch.setenv("LIVECAM_CACHE", str(tmp_path))

    def broken(_spec, _weights, folder, _calibration):
        (folder / MODEL_FILE).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export_cache, "write_export", broken)
    with pytest.raises(ModelError, match="No space left"):
        export_cache.ensure_export(spec, toy_weights)
    assert list((tmp_path / "exports").iterdir()) == []


def test_the_key_depends_on_weights_and_width(spec, toy_weights, tmp_path):
    other = tmp_path / "other.h5"
    other.write_bytes(toy_weights.read_bytes() + b"x")
    keys = {
        export_cache.export_key(spec, toy_weights),
        export_cache.export_key(spec, other),
        export_cache.export_key(imagenet_spec(0.5, toy_weights), toy_weights),
    }
    assert len(keys) == 3


def test_another_process_that_was_faster_is_as_good(spec, toy_weights, folder, tmp_path):
    import shutil

    fresh = tmp_path / "fresh"
    shutil.copytree(folder, fresh)
    export_cache._move_into_place(fresh, folder)
    assert read_export(folder) is not None
