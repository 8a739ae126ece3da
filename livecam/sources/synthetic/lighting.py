"""Light, baked into vertex colours once: ambient occlusion, sun and shadow, translucent petals."""

from dataclasses import dataclass

import numpy as np

from livecam.sources.synthetic.depth_map import vertex_visibility
from livecam.sources.synthetic.mesh import Mesh
from livecam.sources.synthetic.vectors import Floats, cone_directions, normalize, sphere_directions

# Ambient light comes from so many directions of sky and ground.
_SKY_DIRECTIONS = 72


@dataclass(frozen=True, slots=True)
class Daylight:
    """The light sources of the scene; colours are linear BGR, 1 being a full white."""

    sun_xyz: tuple[float, float, float] = (-0.50, 0.80, 0.42)
    sun_bgr: tuple[float, float, float] = (1.55, 1.82, 2.0)
    sky_bgr: tuple[float, float, float] = (0.72, 0.62, 0.55)
    horizon_bgr: tuple[float, float, float] = (0.42, 0.50, 0.46)
    ground_bgr: tuple[float, float, float] = (0.07, 0.19, 0.12)
    sun_spread_rad: float = 0.07
    sun_rays: int = 14
    petal_shadow: float = 0.80


def bake_vertex_colours(mesh: Mesh, daylight: Daylight, radius: float) -> tuple[Floats, Floats]:
    """The display colour of every vertex without highlights, and the share of sun that reaches it.

    Args:
        mesh: what is lit.
        daylight: the light sources.
        radius: of what casts shadows, about the origin.

    Returns:
        float32 BGR [N, 3] in 0..1, and float32 [N] in 0..1.
    """
    sky_directions = sphere_directions(_SKY_DIRECTIONS)
    sun_directions = cone_directions(daylight.sun_xyz, daylight.sun_spread_rad, daylight.sun_rays)
    sun_share = vertex_visibility(mesh, sun_directions, radius).mean(axis=0, dtype=np.float32)
    # Some light always passes through and between white petals.
    sky_share = 0.25 + 0.75 * vertex_visibility(mesh, sky_directions, radius)
    sunlight = (1.0 - daylight.petal_shadow) + daylight.petal_shadow * sun_share
    towards_sun = mesh.normals_xyz @ normalize(daylight.sun_xyz)
    # einsum, not @: threads of OpenBLAS have been seen to wait for each other for minutes here.
    facing = np.einsum("kc,nc->kn", sky_directions, mesh.normals_xyz)
    sky = _sky_colours(sky_directions, daylight) * (4.0 / len(sky_directions))
    sun = np.asarray(daylight.sun_bgr, np.float32)
    front = np.einsum("kn,kc->nc", sky_share * np.maximum(facing, 0.0), sky)
    front += np.outer(sunlight * np.maximum(towards_sun, 0.0), sun)
    back = np.einsum("kn,kc->nc", sky_share * np.maximum(-facing, 0.0), sky)
    back += np.outer(sunlight * np.maximum(-towards_sun, 0.0), sun)
    through = mesh.translucency[:, None]
    # Light that passed through a petal comes out a little warmer.
    warm = np.array([0.80, 0.98, 1.0], np.float32)
    light = front * (1.0 - 0.5 * through) + back * through * warm
    return tone_map(light * mesh.colours_bgr), sun_share


def _sky_colours(directions_xyz: Floats, daylight: Daylight) -> Floats:
    """Radiance [K, 3]: blue-white above, pale at the horizon, grass green below."""
    height = directions_xyz[:, 1:2]
    sky, ground = np.asarray(daylight.sky_bgr), np.asarray(daylight.ground_bgr)
    horizon = np.asarray(daylight.horizon_bgr)
    above = horizon + (sky - horizon) * np.sqrt(np.clip(height, 0.0, 1.0))
    below = horizon + (ground - horizon) * np.clip(-height * 4.0, 0.0, 1.0)
    return np.asarray(np.where(height > 0, above, below), np.float32)


def tone_map(linear_bgr: Floats) -> Floats:
    """Linear light of any size -> display values in 0..1, with a soft shoulder for the whites."""
    x = np.maximum(linear_bgr, 0.0)
    shoulder = x * (1.0 + x / 6.25) / (1.0 + x)
    return np.clip((1.12 * shoulder) ** (1.0 / 2.2), 0.0, 1.0).astype(np.float32)
