"""What the window says while the model opens."""

from livecam.assembly.model_from_settings import opening_words
from livecam.models.catalogue import flowers_spec, imagenet_spec


def test_a_download_is_called_one_while_it_lasts(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert opening_words(imagenet_spec(0.25)) == "fetching the model, first use only"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mobilenet_2_5_224_tf.h5").write_bytes(b"")
    assert opening_words(imagenet_spec(0.25)) == "loading the model"
    assert opening_words(flowers_spec()) == "loading the model"
