"""Only what is needed for the looks is decoded."""

import pytest
from sources.watched.numbered import RATE, Sent, number_of, write_numbered

import av
from livecam.core.watching.kept_media import KeptMedia
from livecam.sources.watched.look_decoder import LookDecoder

CASES = {
    "key pictures often enough: they alone": (Sent(key_every=15), 0.5, 10, 10),
    "key pictures a little too seldom: they alone": (Sent(key_every=17), 0.5, 9, 9 + 16),
    "key pictures more often: some of them": (Sent(key_every=5), 0.5, 10, 13),
    "looks more seldom than key pictures": (Sent(), 2.0, 3, 3),
    "key pictures each second: half of the pictures": (Sent(), 0.5, 10, 5 * 16),
    "B-frames: those that others need": (Sent(b_frames=3), 0.5, 10, 70),
}


def media_of(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if packet.size:
                shown_s, decoded_s = (
                    float(stamp * packet.time_base) for stamp in (packet.pts, packet.dts)
                )
                yield KeptMedia(
                    packet, shown_s, decoded_s, 1 / RATE, packet.size, is_key=packet.is_keyframe
                )


def decoder_for(path, look_every_s):
    with av.open(str(path)) as container:
        of_clip = container.streams.video[0].codec_context
        context = av.CodecContext.create(of_clip.name, "r")
        context.extradata, context.thread_count = of_clip.extradata, 1
    return LookDecoder(context, look_every_s)


@pytest.mark.parametrize("case", CASES)
def test_so_many_pictures_are_decoded(case, tmp_path):
    sent, look_every_s, looks, most_decoded = CASES[case]
    path = write_numbered(tmp_path / "sent.mp4", sent)
    decoder = decoder_for(path, look_every_s)
    found = [look for media in media_of(path) if (look := decoder.add(media)) is not None]
    assert looks <= len(found) <= looks + 3
    assert decoder.decoded_pictures <= most_decoded
    numbers = [number_of(frame.to_ndarray(format="bgr24")) for frame, _ in found]
    assert numbers == [round(time_s * RATE) for _, time_s in found]
    assert numbers == sorted(set(numbers))


def test_a_stream_that_is_joined_between_two_key_pictures_waits_for_the_next(tmp_path):
    path = write_numbered(tmp_path / "sent.mp4", Sent())
    decoder = decoder_for(path, 0.5)
    late = list(media_of(path))[10:]
    found = [look for media in late if (look := decoder.add(media)) is not None]
    assert number_of(found[0][0].to_ndarray(format="bgr24")) == 30


def test_after_damage_the_next_key_picture_is_looked_at_again(tmp_path):
    path = write_numbered(tmp_path / "sent.mp4", Sent())
    decoder = decoder_for(path, 0.5)
    numbers = []
    for index, media in enumerate(media_of(path)):
        if index == 12:
            broken = av.Packet(b"\x00\x00\x00\x05\x7f\xff\xff\xff\xff")
            broken.pts, broken.dts = media.data.pts, media.data.dts
            broken.time_base = media.data.time_base
            sent = KeptMedia(broken, media.time_s, media.decode_s, 0.0, 9)
        else:
            sent = media
        try:
            look = decoder.add(sent)
        except av.error.InvalidDataError:
            numbers.append("damaged")
            continue
        if look is not None:
            numbers.append(number_of(look[0].to_ndarray(format="bgr24")))
    assert numbers[0] == 0
    assert [n for n in numbers if isinstance(n, int) and n % 30 == 0] == [0, 30, 60, 90, 120]
