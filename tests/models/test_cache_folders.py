"""Caches: nothing is taken from strangers, and without a home there is a private folder."""

import errno
import hashlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from support import program_env, records, textured

from livecam.assembly.open_model import open_model
from livecam.errors import ModelError
from livecam.models import cache_folders, export_cache, weights
from livecam.models.catalogue import flowers_spec, imagenet_spec

STRANGER = 4321  # a user's number that nobody has
NAME = "mobilenet_2_5_224_tf.h5"
needs_owners = pytest.mark.skipif(os.name == "nt", reason="os does not tell who owns a file")
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away"
)

# A user whom the system does not know: in a container, or under a systemd unit.
NOBODY = """
import pwd, sys
def nobody(number): raise KeyError(number)
pwd.getpwuid = nobody
from livecam.__main__ import main
sys.exit(main())
"""


def livecam_of_nobody(*arguments, cwd, env):
    """Run the program for a user without a home and without a line in the list of users."""
    lacking = {"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "KERAS_HOME", "LIVECAM_CACHE"}
    kept = {name: value for name, value in program_env().items() if name not in lacking}
    return subprocess.run(
        [sys.executable, "-c", NOBODY, *map(str, arguments)],
        cwd=cwd, env=kept | env, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def photograph(tmp_path_factory):
    """A picture that is opened in no time."""
    path = tmp_path_factory.mktemp("photos") / "photo.png"
    cv2.imwrite(str(path), textured(320, 240))
    return path


IN_INT8 = ["--model", "flowers", "--precision", "int8", "--no-window", "--stats", "-"]
"""A model that has to be kept somewhere."""


@pytest.fixture
def keras(tmp_path, monkeypatch, toy_weights):
    """A Keras home with weights of a quarter of the width."""
    folder = tmp_path / "keras" / "models"
    folder.mkdir(parents=True)
    shutil.copy(toy_weights, folder / NAME)
    monkeypatch.setenv("KERAS_HOME", str(folder.parent))
    return folder.parent


@pytest.fixture
def exports(tmp_path, monkeypatch, toy_weights, cache):
    """A cache of its own with the export of those weights."""
    spec = imagenet_spec(0.25, toy_weights)
    export_cache.ensure_export(spec, toy_weights)
    key = export_cache.export_key(spec, toy_weights)
    (tmp_path / "cache" / "exports").mkdir(parents=True)
    monkeypatch.setenv("LIVECAM_CACHE", str(tmp_path / "cache"))
    return shutil.copytree(cache / "exports" / key, export_cache.export_folder(key))


def taken(spec, say=lambda _: None):
    return weights.ensure_weights(spec, say)


def test_weights_of_ones_own_are_taken(keras):
    assert taken(imagenet_spec(0.25)) == keras / "models" / NAME


@needs_owners
@pytest.mark.parametrize("place", ["models/" + NAME, "models", "."])
@pytest.mark.parametrize("mode", [0o002, 0o1002])
def test_weights_that_others_can_write_are_refused(place, mode, keras):
    path = keras / place
    path.chmod(stat.S_IMODE(path.stat().st_mode) | mode)
    with pytest.raises(ModelError, match="everybody can write to it") as caught:
        taken(imagenet_spec(0.25))
    assert str(path) in str(caught.value)
    assert "KERAS_HOME" in str(caught.value)
    assert (keras / "models" / NAME).exists()


@needs_root
@pytest.mark.parametrize("place", ["models/" + NAME, "models", "."])
def test_weights_of_a_stranger_are_refused(place, keras):
    os.chown(keras / place, STRANGER, STRANGER)
    with pytest.raises(ModelError, match="belongs to another user"):
        taken(imagenet_spec(0.25))


@needs_root
def test_the_list_of_models_says_so(keras, capsys):
    from livecam.cli.app import main

    os.chown(keras / "models" / NAME, STRANGER, STRANGER)
    assert main(["models"]) == 0
    assert "(others may have written it)" in capsys.readouterr().out


@needs_owners
@pytest.mark.parametrize("name", ["model.tflite", "head.npz", "about.json", ".", ".."])
def test_an_export_that_others_can_write_is_refused(name, exports, toy_weights):
    path = exports / name
    path.chmod(0o777)
    with pytest.raises(ModelError, match="everybody can write to it") as caught:
        open_model(imagenet_spec(0.25, toy_weights), engine="litert")
    assert "LIVECAM_CACHE" in str(caught.value)


@needs_root
@pytest.mark.parametrize("name", ["model.tflite", "head.npz", "about.json", ".", ".."])
def test_an_export_of_a_stranger_is_refused(name, exports, toy_weights):
    os.chown(exports / name, STRANGER, STRANGER)
    with pytest.raises(ModelError, match="belongs to another user"):
        open_model(imagenet_spec(0.25, toy_weights), engine="litert")


@needs_owners
def test_what_is_made_is_ones_own_whatever_the_umask(tmp_path, monkeypatch, toy_weights):
    monkeypatch.setenv("LIVECAM_CACHE", str(tmp_path / "deep" / "cache"))
    spec, before = imagenet_spec(0.25, toy_weights), os.umask(0)
    try:
        made = export_cache.ensure_export(spec, toy_weights)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "deep").stat().st_mode) == 0o700
    for path in (made.model_path, *made.model_path.parents[:3]):
        assert not path.stat().st_mode & 0o022, path
    assert export_cache.ensure_export(spec, toy_weights) is not None


def test_a_download_with_another_digest_is_not_taken(keras, tmp_path, monkeypatch):
    """A file of HDF5, but not the one that is known."""
    mobilenet = weights_server(keras, tmp_path, monkeypatch)
    monkeypatch.setitem(weights.DIGESTS, NAME, hashlib.sha256(b"another file").hexdigest())
    with pytest.raises(ModelError, match="SHA-256 differs") as caught:
        taken(imagenet_spec(0.25))
    assert "\n" not in str(caught.value)
    assert not (keras / "models" / NAME).exists()
    digest = hashlib.sha256(mobilenet.read_bytes()).hexdigest()
    monkeypatch.setitem(weights.DIGESTS, NAME, digest)
    assert taken(imagenet_spec(0.25)).read_bytes() == mobilenet.read_bytes()


def weights_server(keras, tmp_path, monkeypatch):
    """Let it be fetched from a folder; gives the file that is fetched."""
    served = tmp_path / "served"
    served.mkdir()
    (keras / "models" / NAME).rename(served / NAME)
    monkeypatch.setattr(weights, "ADDRESS", f"{served.as_uri()}/")
    return served / NAME


def test_the_known_digest_is_that_of_the_real_weights(shared):
    name = "mobilenet_7_5_224_tf.h5"
    assert weights.file_digest(shared / "keras" / "models" / name) == weights.DIGESTS[name]


def homes(tmp_path):
    """Homes that cannot be used."""
    file = tmp_path / "file"
    file.write_text("")
    return {
        "unset": {},
        "empty": {"HOME": ""},
        "relative": {"HOME": "somewhere"},
        "a file": {"HOME": str(file)},
        "below a file": {"HOME": str(file / "home")},
        "gone": {"HOME": str(tmp_path / "gone" / "home")},
        "unwritable": {"HOME": "/proc"},
    }


HOMES = ["unset", "empty", "relative", "a file", "below a file", "gone", "unwritable"]
COMMANDS = [
    ["config"],
    ["devices"],
    ["models", "fetch", "flowers"],
    ["daisy", "--model", "flowers", "--no-window", "--frames", 1, "--stats", "-"],
    ["~/x.mp4", "--no-window", "--stats", "-"],
    ["repair", "x.mp4"],
]


@needs_owners
@pytest.mark.parametrize(
    ("home", "command"),
    [*((home, ["models"]) for home in HOMES), *(("unset", command) for command in COMMANDS)],
)
def test_no_command_needs_a_home(home, command, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    env = homes(tmp_path)[home] | {"TMPDIR": str(tmp_path)}
    run = livecam_of_nobody(*command, cwd=work, env=env)
    assert "Traceback" not in run.stderr
    assert run.returncode in (0, 3), run.stderr
    assert list(work.iterdir()) == []  # no folder that is called "~"


@needs_owners
@pytest.mark.parametrize("home", HOMES)
def test_without_a_home_models_are_kept_in_a_private_folder_and_one_line_says_so(
    home, photograph, tmp_path
):
    env = homes(tmp_path)[home] | {"TMPDIR": str(tmp_path)}
    work = tmp_path / "work"
    work.mkdir()
    run = livecam_of_nobody(photograph, *IN_INT8, cwd=work, env=env)
    assert run.returncode == 0, run.stderr
    assert len(records(run.stdout)) == 1
    kept = tmp_path / f"livecam-{os.geteuid()}"
    told = [line for line in run.stderr.splitlines() if str(kept) in line]
    assert len(told) == 1, run.stderr
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert list(kept.glob("exports/*/model.tflite"))
    assert list(work.iterdir()) == []


@needs_root
@pytest.mark.parametrize("planted", ["folder", "open folder", "link", "file"])
def test_a_name_that_somebody_else_has_taken_is_not_used(planted, photograph, tmp_path):
    kept = tmp_path / f"livecam-{os.geteuid()}"
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    if planted == "link":
        kept.symlink_to(theirs)
    elif planted == "file":
        kept.write_text("")
    else:
        kept.mkdir()
        if planted == "folder":
            os.chown(kept, STRANGER, STRANGER)
        else:
            kept.chmod(0o777)
    env = {"TMPDIR": str(tmp_path)}
    run = livecam_of_nobody(photograph, *IN_INT8, cwd=tmp_path, env=env)
    assert run.returncode == 0, run.stderr
    assert not kept.is_dir() or list(kept.iterdir()) == []
    assert not [path for path in tmp_path.glob("livecam-*") if path != kept]  # removed at the end


def test_a_cache_in_a_folder_that_may_not_be_entered_is_replaced(tmp_path, monkeypatch):
    """HOME of somebody else, as sudo and units of systemd leave it; root may enter every folder."""
    closed, examined = tmp_path / "closed", Path.exists

    def exists(path, **options):
        if path != closed and path.is_relative_to(closed):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return examined(path, **options)

    monkeypatch.setattr(Path, "exists", exists)
    monkeypatch.setattr(cache_folders, "private_folder", lambda: tmp_path / "private")
    assert cache_folders.place_in(closed, "models/x.h5") == tmp_path / "private" / "models" / "x.h5"


def test_a_named_cache_is_used_or_named_in_the_error(tmp_path, monkeypatch, toy_weights):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LIVECAM_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ModelError, match="set LIVECAM_CACHE"):
        open_model(imagenet_spec(0.25, toy_weights), engine="litert")


def test_bundled_models_need_no_cache(monkeypatch):
    def none():
        raise AssertionError

    monkeypatch.setattr(cache_folders, "private_folder", none)
    assert open_model(flowers_spec(), engine="litert").labels
