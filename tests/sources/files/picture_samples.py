"""Pictures of known colours in the forms that files come in: profiles, grids of HEIC tiles."""

import struct
import zlib
from io import BytesIO
from itertools import count

import cv2  # noqa: F401  (before av)
import numpy as np
from PIL import Image

import av

BOARD = np.array(
    [
        [(220, 30, 30), (30, 200, 40), (40, 50, 210)],
        [(250, 250, 250), (128, 128, 128), (20, 20, 20)],
        [(30, 190, 190), (200, 40, 190), (220, 210, 40)],
    ],
    np.uint8,
)
"""RGB of the nine fields."""

SIDE_PX = 40

AS_STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: np.rot90,
    7: lambda upright: upright[::-1, ::-1].transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}
"""What has to be stored so that EXIF's orientation shows it upright."""

PRIMARIES = {
    "sRGB": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "Display P3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    "Adobe RGB": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
    "ProPhoto": ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)),
    "BT.2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
}
GAMMAS = {"sRGB": 2.2, "Display P3": 2.2, "Adobe RGB": 2.19921875, "ProPhoto": 1.8, "BT.2020": 2.4}
_D50 = np.array([0.9642, 1.0, 0.8249])
_D65 = np.array([0.95047, 1.0, 1.08883])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def board() -> np.ndarray:
    """RGB, uint8 [120, 120, 3]."""
    return np.kron(BOARD, np.ones((SIDE_PX, SIDE_PX, 1), np.uint8))


def fields(bgr: np.ndarray) -> np.ndarray:
    """RGB int [3, 3, 3] of the middles of the fields of a board of any size."""
    height, width = bgr.shape[:2]
    rows, columns = [height // 6 * k for k in (1, 3, 5)], [width // 6 * k for k in (1, 3, 5)]
    return np.asarray(bgr[np.ix_(rows, columns)][..., ::-1], int)


def to_profile(rgb: np.ndarray, name: str) -> np.ndarray:
    """The numbers that sRGB colours have in the space of `icc_profile(name)`; uint8 RGB."""
    return np.rint(255 * to_linear(rgb, name) ** (1 / GAMMAS[name])).astype(np.uint8)


def icc_profile(name: str) -> bytes:
    """A small ICC profile of three primaries and a gamma."""
    columns = _to_d50(name).T
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(GAMMAS[name] * 256)) + b"\0\0"
    text = b"desc" + struct.pack(">II", 0, len(name) + 1) + name.encode() + b"\0" * 79
    tags = {b"desc": text, b"cprt": b"text\0\0\0\0none\0\0\0\0", b"wtpt": _xyz(_D50)}
    tags |= {key: _xyz(c) for key, c in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return _icc_file(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    """The same of one channel."""
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256)) + b"\0\0"
    text = b"desc" + struct.pack(">II", 0, 5) + b"grey\0" + b"\0" * 79
    tags = {b"desc": text, b"cprt": b"text\0\0\0\0none\0\0\0\0", b"wtpt": _xyz(_D50)}
    return _icc_file(b"GRAY", tags | {b"kTRC": curve})


def _icc_file(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, body, offset = b"", b"", 132 + 12 * len(tags)
    for key, value in tags.items():
        padded = value + b"\0" * (-len(value) % 4)
        table += key + struct.pack(">II", offset + len(body), len(value))
        body += padded
    head = struct.pack(">I4sI4s4s4s", offset + len(body), b"", 0x02400000, b"mntr", space, b"XYZ ")
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + _xyz(_D50)[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _to_d50(name: str) -> np.ndarray:
    """From linear RGB to XYZ under D50; ProPhoto is defined there, the others under D65."""
    xyz = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in PRIMARIES[name]]).T
    white = _D50 if name == "ProPhoto" else _D65
    matrix = xyz * np.linalg.solve(xyz, white)
    if name == "ProPhoto":
        return matrix
    gains = (_BRADFORD @ _D50) / (_BRADFORD @ _D65)
    return np.linalg.inv(_BRADFORD) @ np.diag(gains) @ _BRADFORD @ matrix


def _xyz(values: np.ndarray) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


def heic(
    rgb: np.ndarray,
    tile_px: int | None = None,
    *,
    quarter_turns: int = 0,
    mirror: int | None = None,
    profile: bytes = b"",
    code_points: tuple[int, int] = (1, 13),
) -> bytes:
    """A HEIC as a telephone writes it.

    Args:
        rgb: uint8 [height, width, 3], as stored.
        tile_px: side of the tiles of a grid; None for one item.
        quarter_turns: irot, counter-clockwise.
        mirror: imir: 0 top becomes bottom, 1 left becomes right; None for none. After irot.
        profile: ICC.
        code_points: primaries and transfer.
    """
    height, width = rgb.shape[:2]
    columns, rows = (-(-width // tile_px), -(-height // tile_px)) if tile_px else (1, 1)
    side = (tile_px, tile_px) if tile_px else (height, width)
    padding = ((0, rows * side[0] - height), (0, columns * side[1] - width), (0, 0))
    padded = np.pad(rgb, padding, mode="edge")
    tiles = [
        _hevc(padded[y : y + side[0], x : x + side[1]])
        for y in range(0, padded.shape[0], side[0])
        for x in range(0, padded.shape[1], side[1])
    ]
    extra = _turns(quarter_turns, mirror, profile)
    return _heic_file((width, height), side[::-1], (columns, rows), tiles, extra, code_points)


def _turns(quarter_turns: int, mirror: int | None, profile: bytes) -> list[bytes]:
    properties = [_box(b"irot", bytes([quarter_turns]))] if quarter_turns else []
    properties += [_box(b"imir", bytes([mirror]))] if mirror is not None else []
    return properties + ([_box(b"colr", b"prof" + profile)] if profile else [])


def _hevc(rgb: np.ndarray) -> tuple[bytes, bytes]:
    """The configuration (hvcC) and the data of one picture."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        options = {"x265-params": "log-level=none:keyint=1:qp=8", "preset": "ultrafast"}
        stream = container.add_stream("libx265", rate=1, options=options)
        stream.height, stream.width = rgb.shape[:2]
        stream.pix_fmt = "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), "rgb24")
        container.mux(stream.encode(frame.reformat(format="yuvj420p")))
        container.mux(stream.encode())
    with av.open(BytesIO(file.getvalue())) as container:
        packet = next(container.demux(video=0))
        return bytes(container.streams.video[0].codec_context.extradata), bytes(packet)


def _heic_file(size, tile_size, grid, tiles, extra: list[bytes], code_points) -> bytes:
    is_grid = len(tiles) > 1
    primary = len(tiles) + 1 if is_grid else 1
    nclx = _box(b"colr", b"nclx" + struct.pack(">HHHB", *code_points, 6, 0x80))
    properties = [_box(b"hvcC", tiles[0][0]), nclx, _full(b"ispe", struct.pack(">II", *tile_size))]
    properties += [_full(b"ispe", struct.pack(">II", *size)), *extra]
    own = [3 if not is_grid else 4, 2, *range(5, 5 + len(extra))]
    associations = {number: [1, 2, 3] for number in range(1, len(tiles) + 1)}
    associations[primary] = own if is_grid else [1, *own]
    ipma = struct.pack(">I", len(associations)) + b"".join(
        struct.pack(">HB", number, len(linked)) + bytes(0x80 | index for index in linked)
        for number, linked in associations.items()
    )
    kinds = [b"hvc1"] * len(tiles) + ([b"grid"] if is_grid else [])
    infe = b"".join(  # tiles are hidden, where the writer knows that it may say so
        _full(b"infe", struct.pack(">HH4sB", number, 0, kind, 0), version=2)
        for number, kind in enumerate(kinds, 1)
    )
    columns, rows = grid
    overlay = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, *size)

    def meta(data_at: int) -> bytes:
        extents, at = b"", data_at
        for number, (_, data) in enumerate(tiles, 1):
            extents += struct.pack(">HHHHII", number, 0, 0, 1, at, len(data))
            at += len(data)
        if is_grid:
            extents += struct.pack(">HHHHII", primary, 1, 0, 1, 0, len(overlay))
        iloc = struct.pack(">BBH", 0x44, 0, len(kinds)) + extents
        boxes = _full(b"hdlr", b"\0" * 4 + b"pict" + b"\0" * 13)
        boxes += _full(b"pitm", struct.pack(">H", primary))
        boxes += _full(b"iinf", struct.pack(">H", len(kinds)) + infe)
        if is_grid:
            links = struct.pack(f">HH{len(tiles)}H", primary, len(tiles), *range(1, primary))
            boxes += _full(b"iref", _box(b"dimg", links))
        boxes += _box(b"iprp", _box(b"ipco", b"".join(properties)) + _full(b"ipma", ipma))
        boxes += _box(b"idat", overlay) + _full(b"iloc", iloc, version=1)
        return _full(b"meta", boxes)

    head = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    begin = head + meta(len(head) + len(meta(0)) + 8)
    return begin + _box(b"mdat", b"".join(data for _, data in tiles))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _full(kind: bytes, content: bytes, version: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24) + content)


def to_linear(rgb: np.ndarray, name: str = "sRGB") -> np.ndarray:
    """Linear light of sRGB colours in other primaries; white is 1.0."""
    linear = np.where(rgb <= 10, rgb / 255 / 12.92, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    return np.clip(linear @ (np.linalg.inv(_to_d50(name)) @ _to_d50("sRGB")).T, 0, 1)


def encode_srgb(linear: np.ndarray) -> np.ndarray:
    """Numbers from 0 to 1."""
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def encode_pq(linear: np.ndarray) -> np.ndarray:
    """Numbers from 0 to 1 of SMPTE ST 2084, white at 203 cd/m2."""
    power = (linear * 203 / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def encode_hlg(linear: np.ndarray) -> np.ndarray:
    """Numbers from 0 to 1 of HLG (BT.2100), white at 203 of 1000 cd/m2, from BT.2020."""
    display = linear * 0.203
    luminance = display @ np.array([0.2627, 0.6780, 0.0593])
    scene = display * np.maximum(luminance, 1e-9)[..., np.newaxis] ** (-0.2 / 1.2)
    bright = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright)


def with_chunk(encoded: bytes, kind: bytes, data: bytes) -> bytes:
    """A PNG with a chunk more, right after its header."""
    return encoded[:33] + raw_png([(kind, data)])[8:] + encoded[33:]


def raw_png(chunks: list[tuple[bytes, bytes]]) -> bytes:
    """A PNG of these chunks."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def animation(count_of: int = 4) -> list[Image.Image]:
    """Pictures that differ in their grey."""
    greys = (40 + 40 * number for number in count())
    return [Image.new("RGB", (64, 48), (next(greys),) * 3) for _ in range(count_of)]


def exr(channels: dict[str, np.ndarray], **attributes: tuple[str, bytes]) -> bytes:
    """An OpenEXR of float channels (R, G, B, A or Y) with more attributes in its header."""
    names = sorted(channels)
    height, width = channels[names[0]].shape
    window = struct.pack("<4i", 0, 0, width - 1, height - 1)
    listed = b"".join(n.encode() + b"\0" + struct.pack("<iB3xii", 2, 0, 1, 1) for n in names)
    held = {
        "channels": ("chlist", listed + b"\0"),
        "compression": ("compression", b"\0"),
        "dataWindow": ("box2i", window),
        "displayWindow": ("box2i", window),
        "lineOrder": ("lineOrder", b"\0"),
        "pixelAspectRatio": ("float", struct.pack("<f", 1.0)),
        "screenWindowCenter": ("v2f", struct.pack("<2f", 0.0, 0.0)),
        "screenWindowWidth": ("float", struct.pack("<f", 1.0)),
    }
    head = b"v/1\x01\2\0\0\0"
    for name, (kind, value) in (held | attributes).items():
        head += (
            name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<i", len(value)) + value
        )
    head += b"\0"
    rows = [
        b"".join(channels[name][y].astype("<f4").tobytes() for name in names) for y in range(height)
    ]
    begin, table, body = len(head) + 8 * height, b"", b""
    for y, row in enumerate(rows):
        table += struct.pack("<Q", begin + len(body))
        body += struct.pack("<ii", y, len(row)) + row
    return head + table + body
