"""Where bfloat16 is worth it: without its instructions torch emulates it, ten times slower."""

import torch


def has_bfloat16() -> bool:
    """Return whether this processor multiplies bfloat16 itself (AVX-512 BF16, AMX)."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def autocast() -> torch.autocast:
    """Return a context for layers: bfloat16 where that is faster, else float32."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bfloat16())
