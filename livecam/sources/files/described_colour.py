"""Colours that a file describes by numbers instead of an ICC profile: made into such a profile.

AVIF, HEIC and PNG have code points (CICP, ITU-T H.273): primaries 9 is BT.2020, 12 Display P3;
transfer 16 is PQ, 18 HLG. PNG also has chromaticities (cHRM) and a gamma (gAMA).
"""

import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from livecam.sources.files.format import Format

DESCRIPTION_BYTES = 1 << 16
"""The description lies at the beginning of a file."""

Chromaticities = tuple[tuple[float, float], ...]
"""x, y of red, green, blue and white."""

_D65 = (0.3127, 0.3290)
_SRGB: Chromaticities = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), _D65)
_PRIMARIES: dict[int, Chromaticities] = {
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
}
_HLG = 18
_SDR_WHITE = 203.0
"""cd/m2 of diffuse white in PQ (BT.2408); what is brighter is white, too."""

_CURVE_STEPS = 4096
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def described_profile(head: bytes, found: Format) -> bytes:
    """An ICC profile of the colours that a file describes by numbers; b"" where it is sRGB.

    Args:
        head: the first DESCRIPTION_BYTES of the file.
        found: its format.
    """
    try:
        code_points = _code_points(head, found)
        if code_points is not None:
            return _profile_of_code_points(*code_points)
        return _profile_of_png(head) if found == "PNG" else b""
    except (struct.error, IndexError):  # cut off
        return b""


def is_hlg(head: bytes, found: Format) -> bool:
    """Whether it is HLG, whose channels depend on each other: no profile of curves can say that."""
    try:
        code_points = _code_points(head, found)
    except (struct.error, IndexError):
        return False
    return code_points is not None and code_points[1] == _HLG


def overrides_profile(head: bytes, found: Format) -> bool:
    """Whether the description counts although there is a profile (PNG's cICP does)."""
    return found == "PNG" and _code_points(head, found) is not None


def _profile_of_png(head: bytes) -> bytes:
    chunks = dict(_png_chunks(head))
    if b"sRGB" in chunks or b"iCCP" in chunks:
        return b""
    chromaticities, gamma = _SRGB, 1 / 2.2
    if b"cHRM" in chunks:
        white, red, green, blue = np.array(struct.unpack(">8I", chunks[b"cHRM"])).reshape(4, 2)
        chromaticities = tuple((x / 1e5, y / 1e5) for x, y in (red, green, blue, white))
    if b"gAMA" in chunks:
        gamma = struct.unpack(">I", chunks[b"gAMA"])[0] / 1e5
    near_srgb = abs(gamma - 1 / 2.2) < 0.03
    if near_srgb and np.allclose(chromaticities, _SRGB, atol=0.005):
        return b""
    if not 0.1 < gamma < 4.0 or not _are_possible(chromaticities):
        return b""
    return _profile(chromaticities, 0.0 if near_srgb else 1.0 / gamma)


def _are_possible(chromaticities: Chromaticities) -> bool:
    (x_r, y_r), (x_g, y_g), (x_b, y_b), _ = chromaticities
    area = abs((x_g - x_r) * (y_b - y_r) - (x_b - x_r) * (y_g - y_r))
    return area > 0.01 and all(y > 0 for _, y in chromaticities)


def _png_chunks(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and data of the chunks before the pixels."""
    position = 8
    while position + 8 <= len(head):
        size, kind = struct.unpack(">I4s", head[position : position + 8])
        if kind == b"IDAT":
            return
        yield kind, head[position + 8 : position + 8 + size]
        position += 12 + size


def _profile_of_code_points(primaries: int, transfer: int) -> bytes:
    known = primaries in _PRIMARIES or transfer in _CURVES or transfer in _GAMMAS
    if transfer == _HLG or not known:
        return b""
    return _profile(_PRIMARIES.get(primaries, _SRGB), _GAMMAS.get(transfer, 0.0), transfer)


def _code_points(head: bytes, found: Format) -> tuple[int, int] | None:
    """Primaries and transfer as a file gives them; None where it does not."""
    if found == "PNG":
        numbers = dict(_png_chunks(head)).get(b"cICP", b"")
        return (numbers[0], numbers[1]) if len(numbers) == 4 else None
    return _code_points_of_item(head) if found in {"AVIF", "HEIC"} else None


def _code_points_of_item(head: bytes) -> tuple[int, int] | None:
    """The same of the main picture of a HEIC or AVIF."""
    meta = next((box for kind, box in _boxes(head) if kind == b"meta"), b"")[4:]
    parts = dict(_boxes(meta))
    properties = dict(_boxes(parts.get(b"iprp", b"")))
    colours = list(_boxes(properties.get(b"ipco", b"")))
    linked = _links(properties.get(b"ipma", b""))
    item = _main_item(parts.get(b"pitm", b""))
    own = [colours[index - 1] for index in linked.get(item, []) if 0 < index <= len(colours)]
    for kind, content in own or colours:
        if kind == b"colr" and content[:4] == b"nclx":
            primaries, transfer = struct.unpack(">HH", content[4:8])
            return primaries, transfer
    return None


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of boxes that follow each other (ISO 14496-12)."""
    position = 0
    while position + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[position : position + 8])
        if size < 8:
            return
        yield kind, data[position + 8 : position + size]
        position += size


def _main_item(pitm: bytes) -> int:
    return int.from_bytes(pitm[4:6] if pitm[:1] == b"\0" else pitm[4:8], "big")


def _links(ipma: bytes) -> dict[int, list[int]]:
    """Which properties, counted from 1, belong to which item."""
    if len(ipma) < 8:
        return {}
    id_bytes, link_bytes = 2 if ipma[0] == 0 else 4, 2 if ipma[3] & 1 else 1
    essential = 1 << (8 * link_bytes - 1)
    found, position = {}, 8
    for _ in range(int.from_bytes(ipma[4:8], "big")):
        if position + id_bytes >= len(ipma):
            break
        item = int.from_bytes(ipma[position : position + id_bytes], "big")
        count, position = ipma[position + id_bytes], position + id_bytes + 1
        links = [ipma[position + k * link_bytes :][:link_bytes] for k in range(count)]
        found[item] = [int.from_bytes(link, "big") & ~essential for link in links]
        position += count * link_bytes
    return found


@lru_cache(maxsize=16)
def _profile(chromaticities: Chromaticities, gamma: float, transfer: int = 0) -> bytes:
    """An ICC profile; a gamma of 0 is sRGB's curve, or that of the transfer."""
    encoded = np.linspace(0.0, 1.0, _CURVE_STEPS)
    decode = _CURVES.get(transfer, _decode_srgb)
    linear = encoded**gamma if gamma else decode(encoded)
    steps = np.rint(65535 * np.clip(linear, 0.0, 1.0)).astype(">u2").tobytes()
    curve = b"curv" + struct.pack(">II", 0, _CURVE_STEPS) + steps
    columns = _to_d50(chromaticities).T
    tags = {b"wtpt": _xyz(_D50), b"cprt": b"text\0\0\0\0none\0\0\0\0"}
    tags[b"desc"] = b"desc" + struct.pack(">II", 0, 10) + b"described\0" + b"\0" * 78
    tags |= {key: _xyz(c) for key, c in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body, begin = b"", b"", 132 + 12 * len(tags)
    for key, value in tags.items():
        table += key + struct.pack(">II", begin + len(body), len(value))
        body += value + b"\0" * (-len(value) % 4)
    size = begin + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + _xyz(_D50)[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _to_d50(chromaticities: Chromaticities) -> Any:
    """From linear RGB to XYZ, adapted to the white of profiles (Bradford)."""
    columns = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in chromaticities]).T
    primaries, white = columns[:, :3], columns[:, 3]
    gains = (_BRADFORD @ _D50) / (_BRADFORD @ white)
    adapt = np.linalg.inv(_BRADFORD) @ np.diag(gains) @ _BRADFORD
    return adapt @ (primaries * np.linalg.solve(primaries, white))


def matrix_to_srgb(chromaticities: Chromaticities) -> Any:
    """float64 [3, 3]: from linear RGB of these primaries and white to that of sRGB."""
    return np.linalg.inv(_to_d50(_SRGB)) @ _to_d50(chromaticities)


def _xyz(values: Any) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(float(v) * 65536) for v in values))


def _decode_srgb(encoded: Any) -> Any:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _decode_pq(encoded: Any) -> Any:
    """Light over that of diffuse white (SMPTE ST 2084)."""
    power = encoded ** (1 / 78.84375)
    light = np.maximum(power - 0.8359375, 0.0) / (18.8515625 - 18.6875 * power)
    return 10000.0 / _SDR_WHITE * light ** (1 / 0.1593017578125)


_CURVES: dict[int, Callable[[Any], Any]] = {16: _decode_pq}
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}
