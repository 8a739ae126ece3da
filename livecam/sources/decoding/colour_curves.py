"""From the colours of HDR and wide-gamut video to those of sRGB: curves and matrices.

FFmpeg 8's own conversion (`dst_color_trc`, `dst_color_primaries`) interpolates in one table of
all colours: it is up to 20 of 255 off in saturated ones, and takes two seconds to set up.

Numbers of primaries and transfer characteristics are those of ITU-T H.273.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

BT709, UNSPECIFIED, BT2020 = 1, 2, 9
LINEAR, LOG_100, LOG_316, SRGB, PQ, SMPTE_428, HLG = 8, 9, 10, 13, 16, 17, 18
_GAMMAS = {4: 2.2, 5: 2.8}
_BT1886_GAMMA = 2.4
"""Of screens for BT.709, BT.601 and BT.2020."""

TRANSFERS_TO_CONVERT = frozenset({LINEAR, LOG_100, LOG_316, PQ, SMPTE_428, HLG})
"""Those that look wrong where they are taken for sRGB; all others are made for ordinary screens."""

WHITE_NITS = 203.0
"""Luminance of white in HDR video (ITU-R BT.2408); what is brighter is a highlight."""

HLG_PEAK_NITS = 1000.0
HLG_SYSTEM_GAMMA = 1.2
"""That of a display of this peak."""

_KNEE = 0.95
"""Linear value from which on highlights are compressed: lower, and white itself would be grey."""

_LEVELS = 65536
_HEADROOM = 2.0
"""Largest linear value of HDR video that is told from larger ones; 1 is white."""

_D65, _C, _DCI = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351)

_PRIMARIES = {
    BT709: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), _D65),
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),  # NTSC of 1953
    8: ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C),  # film
    BT2020: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    10: ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (1 / 3, 1 / 3)),  # XYZ
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _DCI),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),  # Display P3
}
"""x, y of red, green, blue and white. Those of BT.601 differ from BT.709 by less than is seen."""

WIDE_PRIMARIES = frozenset(_PRIMARIES) - {BT709}

_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
"""To the responses of the eye's receptors, in which one white is adapted to another."""


@dataclass(frozen=True, slots=True, eq=False)
class ToSrgb:
    """How encoded RGB of 16 bits becomes sRGB of 8 bits, in the order of use.

    Attributes:
        to_linear: float32 [65536], light for every encoded value.
        luminance_weights: float64 [3]; where they are given, every pixel is multiplied by its
            luminance to the power of HLG_SYSTEM_GAMMA - 1.
        matrix: float64 [3, 3], from linear RGB to indices of `encoded`.
        encoded: uint8 [65536], values of sRGB.
    """

    to_linear: npt.NDArray[np.float32]
    luminance_weights: FloatArray | None
    matrix: FloatArray
    encoded: npt.NDArray[np.uint8]


def conversion_to_srgb(transfer: int, primaries: int) -> ToSrgb:
    """The conversion for the transfer characteristic and the primaries that a video names."""
    if primaries not in _PRIMARIES:
        primaries = BT2020 if transfer in {PQ, HLG} else BT709
    to_xyz = _xyz_matrix(primaries)
    to_bt709 = np.linalg.inv(_xyz_matrix(BT709)) @ _adaptation(primaries) @ to_xyz
    levels = np.linspace(0.0, 1.0, _LEVELS)
    is_hdr = transfer in {PQ, HLG}
    headroom = _HEADROOM if is_hdr else 1.0
    shown = levels * headroom
    if is_hdr:
        shown = _compress_highlights(shown)
    # What is made for ordinary screens keeps its curve: only its primaries change.
    curve = SRGB if transfer in TRANSFERS_TO_CONVERT else transfer
    return ToSrgb(
        to_linear=_linear(levels, transfer).astype(np.float32),
        luminance_weights=to_xyz[1] if transfer == HLG else None,
        matrix=to_bt709 * ((_LEVELS - 1) / headroom),
        encoded=np.rint(_encoded(shown, curve) * 255).astype(np.uint8),
    )


def _linear(encoded: FloatArray, transfer: int) -> FloatArray:
    """Light for encoded values from 0 to 1; 1 is white."""
    if transfer in _TO_LINEAR:
        return _TO_LINEAR[transfer](encoded)
    return np.asarray(encoded ** _GAMMAS.get(transfer, _BT1886_GAMMA))


def _pq_to_linear(encoded: FloatArray) -> FloatArray:
    powered = encoded ** (32 / 2523)
    excess = np.maximum(powered - 107 / 128, 0.0)
    nits = 10000 * (excess / (2413 / 128 - 2392 / 128 * powered)) ** (16384 / 2610)
    return np.asarray(nits / WHITE_NITS)


def _hlg_to_linear(encoded: FloatArray) -> FloatArray:
    """Light of the scene, scaled so that after the system gamma 1 is white."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(encoded <= 0.5, encoded**2 / 3, (np.exp((encoded - c) / a) + b) / 12)
    return np.asarray((HLG_PEAK_NITS / WHITE_NITS) ** (1 / HLG_SYSTEM_GAMMA) * scene)


def _srgb_to_linear(encoded: FloatArray) -> FloatArray:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _log_to_linear(encoded: FloatArray, decades: float) -> FloatArray:
    return np.where(encoded > 0, 10 ** (decades * (encoded - 1)), 0.0)


_TO_LINEAR: dict[int, Callable[[FloatArray], FloatArray]] = {
    UNSPECIFIED: _srgb_to_linear,
    LINEAR: lambda encoded: encoded,
    LOG_100: partial(_log_to_linear, decades=2.0),
    LOG_316: partial(_log_to_linear, decades=2.5),
    SRGB: _srgb_to_linear,
    PQ: _pq_to_linear,
    SMPTE_428: lambda encoded: encoded**2.6 * (52.37 / 48),
    HLG: _hlg_to_linear,
}


def _encoded(linear: FloatArray, transfer: int) -> FloatArray:
    """The inverse of `_linear`, for what is made for ordinary screens."""
    if transfer in {SRGB, UNSPECIFIED}:
        return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(linear ** (1 / _GAMMAS.get(transfer, _BT1886_GAMMA)))


def _compress_highlights(linear: FloatArray) -> FloatArray:
    """Below the knee unchanged, from there on asymptotically to 1."""
    room = 1 - _KNEE
    compressed = 1 - room * np.exp(-(np.maximum(linear, _KNEE) - _KNEE) / room)
    return np.where(linear > _KNEE, compressed, linear)


def _xyz_matrix(primaries: int) -> FloatArray:
    """From linear RGB to XYZ, with white at Y = 1; its second row is the luminance."""
    *colours, white = (_xyz(*point) for point in _PRIMARIES[primaries])
    columns = np.stack(colours, axis=1)
    return np.asarray(columns * np.linalg.solve(columns, white))


def _xyz(x: float, y: float) -> FloatArray:
    if y == 0:  # X and Z of XYZ itself
        return np.array([x, 0.0, 1 - x])
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _adaptation(primaries: int) -> FloatArray:
    """From XYZ under the white of the primaries to XYZ under that of BT.709."""
    theirs, ours = (_BRADFORD @ _xyz(*_PRIMARIES[p][3]) for p in (primaries, BT709))
    return np.asarray(np.linalg.inv(_BRADFORD) @ np.diag(ours / theirs) @ _BRADFORD)
