"""The recipes of a watching box and of class folders do what they say."""

import re
from pathlib import Path

from support import livecam_here, textured

ROOT = Path(__file__).resolve().parents[2]
MAKER = (ROOT / "docs" / "tutorials" / "maker.md").read_text("utf-8")
CLASS_FOLDERS = (
    "livecam 'photos/**/*' --no-window --save-pictures annotated --stats out.csv "
    "--class daisy --class bee"
)


def test_the_settings_file_of_the_tutorial_records_in_pieces_with_a_limit(tmp_path):
    text = "".join(re.findall(r"^```toml\n(.*?)^```", MAKER, re.MULTILINE | re.DOTALL))
    (tmp_path / "livecam.toml").write_text(text, "utf-8")
    run = livecam_here("config", "--config", "livecam.toml", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert 'split = "1h"' in run.stdout
    assert "keep-gb = 20" in run.stdout
    assert "%Y-%m-%d/%H-%M-%S.mp4" in run.stdout
    assert "%%Y-%%m-%%d/%%H-%%M-%%S.mp4" in MAKER  # as a unit of systemd needs it


def test_class_folders_become_annotated_pictures_and_a_table(tmp_path):
    import cv2

    assert CLASS_FOLDERS in (ROOT / "docs" / "recipes.md").read_text("utf-8")
    for folder in ("daisy", "bee"):
        (tmp_path / "photos" / folder).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "photos" / folder / "1.png"), textured(64, 48))
    # The same with the model that needs no network: it knows no bees.
    words = CLASS_FOLDERS.replace("'", "").replace("bee", "tulip").split()
    run = livecam_here(*words[1:], "--model", "flowers", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    made = sorted(p.parent.name for p in (tmp_path / "annotated").rglob("1.*"))
    assert made == ["bee", "daisy"]
    assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) == 3
