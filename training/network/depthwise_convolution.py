"""A depthwise convolution whose backward pass is fast on a processor without a GPU.

torch 2.13 computes the gradients of depthwise convolutions in bfloat16 by a slow path that takes
more than half of a training step (measured with torch.profiler, MobileNet alpha 0.5, AVX-512). In
float32 they take a quarter of that, so the gradients are converted, there and back.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


@torch.library.custom_op("livecam_training::depthwise_backward", mutates_args=())
def _backward(
    slope: Tensor, pictures: Tensor, weight: Tensor, stride: int, padding: int
) -> tuple[Tensor, Tensor]:
    geometry = [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], weight.shape[0]
    wide = slope.float(), pictures.float(), weight.float()
    back, turn, _ = torch.ops.aten.convolution_backward(*wide, None, *geometry, [True, True, False])
    return back.to(pictures.dtype), turn.to(weight.dtype)


@_backward.register_fake
def _(
    slope: Tensor,
    pictures: Tensor,
    weight: Tensor,
    stride: int,
    padding: int,
) -> tuple[Tensor, Tensor]:
    return torch.empty_like(pictures), torch.empty_like(weight)


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, pictures: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:
        narrow = weight.to(pictures.dtype)
        ctx.save_for_backward(pictures, narrow)
        ctx.geometry = stride, padding
        return F.conv2d(pictures, narrow, None, stride, padding, 1, weight.shape[0])

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        back, turn = _backward(slope, *ctx.saved_tensors, *ctx.geometry)
        return back, turn.float(), None, None


def depthwise(pictures: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:
    """Convolve each channel of `[N, C, H, W]` with its own filter of `[C, 1, 3, 3]`."""
    return _Depthwise.apply(pictures, weight, stride, padding)
