"""What `livecam models` lists."""

from livecam.cli.models import list_models
from livecam.models.catalogue import FLOWERS_LEVELS


def test_from_where_on_a_model_is_sure_is_not_rounded_to_certainty(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert list_models() == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if "is sure from" in line]
    levels = line.split(" probability of ")[1].split(" at detail")[0]
    assert [float(level.removesuffix(" %")) for level in levels.split(", ")] == [
        100 * level.sure_from for level in FLOWERS_LEVELS
    ]
