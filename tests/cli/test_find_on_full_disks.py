"""`livecam find` on disks that are full: what is there is whole, and nothing else is left."""

import os

import pytest
from cli.test_find_outputs import garden  # noqa: F401  (a fixture)
from programs import one_line
from small_disk import mounted_disk, needs_root
from support import livecam_here

from livecam.sinks.camtrap_folder import DESCRIPTION
from livecam.sinks.coco_folder import DOCUMENT

pytestmark = needs_root
PAGE_BYTES = 4096
OUTPUTS = {
    "clips": (),
    "coco": (DOCUMENT,),
    "camtrap-dp": (DESCRIPTION, "--latitude", 48, "--longitude", 11),
    "sheet": (),
}


@pytest.fixture
def small_disk(tmp_path):
    with mounted_disk(tmp_path / "stick", "256k") as folder:
        yield folder


def leave_pages(disk, count):
    """Fill all of it but so many pages, which hold a small file each."""
    status = os.statvfs(disk)
    free = status.f_bavail * status.f_frsize // PAGE_BYTES
    (disk / "fill").write_bytes(bytes((free - count) * PAGE_BYTES))


def files_in(disk):
    return sorted(path.relative_to(disk).as_posix() for path in disk.rglob("*"))


def find_out(garden, disk, output, *more):  # noqa: F811
    _, *words = OUTPUTS[output] or ("",)
    flags = [f"--{output}", disk / "new" / "here" if output != "sheet" else disk / "a.html"]
    return livecam_here("find", garden, "daisy > 0.8", *flags, *words, *more, cwd=disk)


@pytest.mark.parametrize("pages", [0, 1, 2, 3])
@pytest.mark.parametrize("output", OUTPUTS)
def test_nothing_half_made_stays_on_a_full_disk(garden, small_disk, output, pages):  # noqa: F811
    leave_pages(small_disk, pages)
    run = find_out(garden, small_disk, output)
    left = [name for name in files_in(small_disk) if name != "fill"]
    if run.returncode:
        assert "could not be written (" in one_line(run, 5)
        assert len(run.stderr.splitlines()) == 1
        whole = {"new", "new/here", "new/here/clip 0_1.00s.mp4"} if left else set()
        assert set(left) == (whole if output == "clips" else set())
    else:
        assert pages >= 2
        assert output in {"clips", "sheet"} or f"new/here/{OUTPUTS[output][0]}" in left


@pytest.mark.parametrize("output", ["coco", "camtrap-dp"])
def test_what_lay_in_the_folder_before_stays(garden, small_disk, output):  # noqa: F811
    folder = small_disk / "new" / "here"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine")
    before = files_in(small_disk)
    leave_pages(small_disk, 1)
    assert find_out(garden, small_disk, output).returncode == 5
    assert files_in(small_disk) == sorted([*before, "fill"])
