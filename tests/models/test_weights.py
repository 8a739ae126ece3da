"""Weights: Keras's cache, a user's file, a server on loopback; broken in every way."""

import errno
import functools
import http.server
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from unittest import mock

import pytest
from support import program_env

from livecam.assembly.open_model import open_model
from livecam.errors import ModelError
from livecam.models import weights, weights_download
from livecam.models.catalogue import imagenet_spec
from livecam.native.tensorflow import import_keras


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty Keras home."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "keras" / "models").mkdir(parents=True)
    return tmp_path / "keras"


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A web server on loopback in the place of Keras's own; gives the folder that it serves."""
    served = tmp_path / "served"
    served.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_args):
            pass

    for name in ("no_proxy", "NO_PROXY"):  # nobody stands between
        monkeypatch.setenv(name, "127.0.0.1")
    handler = functools.partial(Quiet, directory=str(served))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{running.server_address[1]}/"
        monkeypatch.setattr(weights, "ADDRESS", address)
        yield served
        running.shutdown()


@pytest.fixture(scope="module")
def legacy_weights(toy_weights, tmp_path_factory):
    """The toy weights in the .h5 layout that Keras's server has."""
    model = import_keras().applications.MobileNet(alpha=0.25, weights=None)
    model.load_weights(toy_weights)
    folder = tmp_path_factory.mktemp("legacy")
    path = folder / "legacy.h5"
    model.save_weights(folder / "x.weights.h5")
    from keras.src.legacy.saving import legacy_h5_format
    import h5py

    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    return path


def test_keras_home_is_found_without_importing_keras(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert weights.cached_weights_path(0.75) == tmp_path / "models" / "mobilenet_7_5_224_tf.h5"
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert weights.keras_home() == tmp_path / ".keras"


def test_weights_are_fetched_once_with_a_message(home, server, legacy_weights, capsys):
    shutil.copy(legacy_weights, server / "mobilenet_2_5_224_tf.h5")
    messages = []
    path = weights.ensure_weights(imagenet_spec(0.25), messages.append)
    assert path.read_bytes() == legacy_weights.read_bytes()
    assert messages == [
        "fetching the weights of MobileNet 0.25 imagenet, 2.1 MB, from 127.0.0.1 (first use only)"
    ]
    assert capsys.readouterr() == ("", "")  # standard output belongs to data
    assert list((home / "models").iterdir()) == [path]
    messages.clear()
    weights.ensure_weights(imagenet_spec(0.25), messages.append)
    assert messages == []


def test_fetched_weights_in_the_servers_layout_work(home, server, legacy_weights):
    shutil.copy(legacy_weights, server / "mobilenet_2_5_224_tf.h5")
    model = open_model(imagenet_spec(0.25), engine="litert")
    assert len(model.labels) == 1000


def test_weights_that_cannot_be_had_are_one_line_with_the_way_out(home, server):
    with pytest.raises(ModelError, match="--weights FILE") as caught:
        weights.ensure_weights(imagenet_spec(0.25), lambda _: None)
    assert "404" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list((home / "models").iterdir()) == []


def test_what_is_ready_here_is_told_where_weights_cannot_be_had(home, server, legacy_weights):
    with pytest.raises(ModelError) as caught:
        weights.ensure_weights(imagenet_spec(0.5), lambda _: None)
    assert "ready here" not in str(caught.value)
    shutil.copy(legacy_weights, home / "models" / "mobilenet_2_5_224_tf.h5")
    with pytest.raises(ModelError, match=r"; --alpha 0\.25 is ready here\.$"):
        weights.ensure_weights(imagenet_spec(0.5), lambda _: None)


def test_without_a_network_the_same(home, monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    monkeypatch.setattr(weights, "ADDRESS", "http://127.0.0.1:9/")
    messages = []
    refused = r"could not be fetched from 127\.0\.0\.1 \(connection refused\)"
    with pytest.raises(ModelError, match=refused) as caught:
        weights.ensure_weights(imagenet_spec(0.25), messages.append)
    assert "Errno" not in str(caught.value)
    assert len(messages) == 1  # that they are being fetched: it may take long to fail


def test_they_are_where_keras_has_them():
    assert import_keras().src.applications.mobilenet.BASE_WEIGHT_PATH == weights.ADDRESS


def test_they_are_fetched_without_tensorflow(home):
    """Importing it takes many seconds, in which a first user would see nothing."""
    code = (
        "import sys\n"
        "from livecam.models import weights\n"
        "from livecam.models.catalogue import imagenet_spec\n"
        "weights.ADDRESS = 'http://127.0.0.1:9/'\n"
        "try: weights.ensure_weights(imagenet_spec(0.25), print)\n"
        "except weights.ModelError as error: print(error)\n"
        "print([name for name in ('tensorflow', 'keras') if name in sys.modules])\n"
    )
    env = program_env() | {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told, failed, imported = done.stdout.splitlines()
    assert told.startswith("fetching the weights")
    assert "could not be fetched" in failed
    assert imported == "[]"


def test_a_full_disk_is_no_failure_of_the_network(home, server, legacy_weights):
    shutil.copy(legacy_weights, server / "mobilenet_2_5_224_tf.h5")
    full = OSError(errno.ENOSPC, "No space left on device")
    with (
        mock.patch.object(weights_download, "download", side_effect=full),
        pytest.raises(ModelError, match=r"could not be kept in .* free 2\.1 MB") as caught,
    ):
        weights.ensure_weights(imagenet_spec(0.25), lambda _: None)
    assert "connect to the network" not in str(caught.value)
    assert "KERAS_HOME" in str(caught.value)
    assert list((home / "models").iterdir()) == []


def test_what_a_killed_download_left_is_removed(home, server, legacy_weights):
    shutil.copy(legacy_weights, server / "mobilenet_2_5_224_tf.h5")
    left = home / "models" / ".new-killed"
    left.mkdir()
    (left / "lock").write_bytes(b"")  # held by nobody
    (left / "mobilenet_2_5_224_tf.h5").write_bytes(b"half")
    messages = []
    path = weights.ensure_weights(imagenet_spec(0.25), messages.append)
    assert list((home / "models").iterdir()) == [path]
    assert any(".new-killed" in line for line in messages)


def test_a_web_page_in_the_place_of_weights_is_not_kept(home, server):
    (server / "mobilenet_2_5_224_tf.h5").write_text("<html>please log in</html>")
    with pytest.raises(ModelError, match="not a weights file"):
        weights.ensure_weights(imagenet_spec(0.25), lambda _: None)
    assert list((home / "models").iterdir()) == []


@pytest.mark.parametrize("kept", [0, 5000, 500_000])
def test_a_broken_file_in_the_cache_is_fetched_again(home, server, legacy_weights, kept):
    shutil.copy(legacy_weights, server / "mobilenet_2_5_224_tf.h5")
    broken = home / "models" / "mobilenet_2_5_224_tf.h5"
    broken.write_bytes(legacy_weights.read_bytes()[:kept])
    messages = []
    open_model(imagenet_spec(0.25), engine="litert", say=messages.append)
    assert broken.read_bytes() == legacy_weights.read_bytes()
    assert any("removed the damaged weights" in line for line in messages)


def test_a_broken_file_that_cannot_be_fetched_is_not_kept(home, server, legacy_weights):
    broken = home / "models" / "mobilenet_2_5_224_tf.h5"
    broken.write_bytes(legacy_weights.read_bytes()[:5000])
    with pytest.raises(ModelError, match="could not be fetched"):
        open_model(imagenet_spec(0.25), engine="litert")
    assert not broken.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "does not exist"), (b"", "not a Keras"), (b"PK\3\4", "not a Keras")],
)
def test_a_wrong_file_of_the_users_own_is_one_line_and_is_kept(tmp_path, content, words):
    path = tmp_path / "mine.h5"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=words):
        open_model(imagenet_spec(0.25, path), engine="litert")
    assert path.exists() == (content is not None)


def test_a_file_in_a_folder_that_may_not_be_entered_is_named(tmp_path, monkeypatch):
    """Root may enter every folder, so the system's answer is put in its place."""

    def refused(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    with pytest.raises(ModelError, match=r"mine\.h5 cannot be read \(Permission denied\)"):
        weights.ensure_weights(imagenet_spec(0.25, tmp_path / "mine.h5"), lambda _: None)


def test_a_truncated_file_of_the_users_own_is_named_and_kept(tmp_path, toy_weights):
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(toy_weights.read_bytes()[:300_000])
    with pytest.raises(ModelError, match="damaged") as caught:
        open_model(imagenet_spec(0.25, path), engine="litert")
    assert str(path) in str(caught.value)
    assert path.exists()


@pytest.mark.parametrize("engine", ["litert", "tensorflow"])
def test_weights_of_another_width_do_not_fit(toy_weights, engine):
    with pytest.raises(ModelError, match="--alpha"):
        open_model(imagenet_spec(0.5, toy_weights), engine=engine)
