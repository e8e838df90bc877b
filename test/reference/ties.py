"""Gradients at kinks and ties, where PyTorch has chosen one of several.

    python ties.py

PyTorch 2.13 in float64. ties.json has for each call of archc the elements and shape of `x`, and the gradient of the outputs, each times its number from 1 on, with
respect to `x`. test/ops/gradient-ties.test.ts compares.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

KINKS = {
    "relu(x)": (torch.relu, [0]),
    "leaky_relu(x, slope = 0.1)": (lambda x: F.leaky_relu(x, 0.1), [0]),
    "elu(x, alpha = 0.5)": (lambda x: F.elu(x, 0.5), [0]),
    "celu(x, alpha = 0.5)": (lambda x: F.celu(x, 0.5), [0]),
    "selu(x)": (F.selu, [0]),
    "relu6(x)": (F.relu6, [0, 6]),
    "hardsigmoid(x)": (F.hardsigmoid, [-3, 3]),
    "hardswish(x)": (F.hardswish, [-3, 3]),
    "softsign(x)": (F.softsign, [0]),
    "abs(x)": (torch.abs, [0]),
    "clip(x, min = -1.0, max = 2.0)": (lambda x: torch.clamp(x, -1, 2), [-1, 2]),
    "maximum(x, 0.5)": (lambda x: torch.maximum(x, torch.tensor(0.5)), [0.5]),
    "minimum(x, 0.5)": (lambda x: torch.minimum(x, torch.tensor(0.5)), [0.5]),
    "prelu(x, slope = full([1], 0.25))": (lambda x: F.prelu(x, torch.tensor([0.25])), [0]),
    "x ** 0.0": (lambda x: x**0.0, [0]),
    "x ** 1.0": (lambda x: x**1.0, [0]),
    "x ** 2.0": (lambda x: x**2.0, [0]),
    "l1_loss(x, target = range(3, dtype = f32), reduction = \"none\")": (lambda x: F.l1_loss(x, torch.arange(3.0), reduction="none"), [0, 1, 3]),
    "huber_loss(x, target = range(3, dtype = f32), delta = 0.5, reduction = \"none\")": (
        lambda x: F.huber_loss(x, torch.arange(3.0), delta=0.5, reduction="none"),
        [0.5, 0.5, 2],
    ),
    "smooth_l1_loss(x, target = range(3, dtype = f32), beta = 0.5, reduction = \"none\")": (
        lambda x: F.smooth_l1_loss(x, torch.arange(3.0), beta=0.5, reduction="none"),
        [0.5, 0.5, 2],
    ),
}

TIES = {
    "max(x, axis = 1)": lambda x: torch.amax(x, 1),
    "min(x, axis = 1)": lambda x: torch.amin(x, 1),
    "max(x)": torch.amax,
    "prod(x, axis = 1)": lambda x: torch.prod(x, 1),
    "norm(x, p = 1, axis = 1)": lambda x: torch.linalg.vector_norm(x, 1, 1),
    "norm(x, p = 2, axis = 1)": lambda x: torch.linalg.vector_norm(x, 2, 1),
    "std(x, axis = 1)": lambda x: torch.std(x, 1),
    "std(x, axis = 1, unbiased = false)": lambda x: torch.std(x, 1, unbiased=False),
    "var(x, axis = 1)": lambda x: torch.var(x, 1),
    "logsumexp(x, axis = 1)": lambda x: torch.logsumexp(x, 1),
    "softmax(x, axis = 1)": lambda x: torch.softmax(x, 1),
    "max_pool1d(unsqueeze(x, 0), 2)": lambda x: F.max_pool1d(x.unsqueeze(0), 2),
    "max_pool1d(unsqueeze(x, 0), 3, 1, 1)": lambda x: F.max_pool1d(x.unsqueeze(0), 3, 1, 1),
    "global_max_pool(unsqueeze(x, 0))": lambda x: F.adaptive_max_pool1d(x.unsqueeze(0), 1),
    "adaptive_max_pool1d(unsqueeze(x, 0), 2)": lambda x: F.adaptive_max_pool1d(x.unsqueeze(0), 2),
    "maximum(x, flip(x, axes = [1]))": lambda x: torch.maximum(x, torch.flip(x, [1])),
    "minimum(x, x)": lambda x: torch.minimum(x, x),
    "cosine_similarity(x, ones([5, 4]), axis = 1)": lambda x: F.cosine_similarity(x, torch.ones(5, 4), 1),
}
ROWS = [[0, 0, 0, 0], [1, 1, 1, 1], [2, -1, 2, -1], [0, 3, 3, 0], [1, 0, -2, 1]]


def gradient(f, x):
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y = f(x)
    (y * torch.arange(1, y.numel() + 1, dtype=y.dtype).reshape(y.shape)).sum().backward()
    return {"x": x.detach().flatten().tolist(), "shape": list(x.shape), "gradient": x.grad.flatten().tolist()}


cases = [{"call": call, **gradient(f, x)} for call, (f, x) in KINKS.items()]
cases += [{"call": call, **gradient(f, ROWS)} for call, f in TIES.items()]
Path(__file__).with_name("ties.json").write_text(json.dumps(cases).replace('}, {', '},\n{') + "\n")
