"""Writes test/pytorch/spellings.golden.json: what PyTorch gives for the calls of test/pytorch/spellings.json.

    python scripts/torch-spellings.py      # needs torch
"""

import json
import math
import re
import warnings
from pathlib import Path
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import nn

from torchvision_losses import sigmoid_focal_loss
from torchvision_nms import nms

warnings.filterwarnings("ignore")
folder = Path(__file__).resolve().parent.parent / "test/pytorch"


def wave(shape, seed, shift=0.0):
    """Numbers that both sides can make: a sine, rounded to what f32 holds."""
    n = math.prod(shape)
    return (torch.sin(torch.arange(n, dtype=torch.float64) * 1.7 * seed + seed) + shift).reshape(shape).float()


def count(shape, size):
    return (torch.arange(math.prod(shape)) * 7 % size).reshape(shape)


inputs = {
    "x": wave([2, 8, 4], 1), "y": wave([2, 8, 4], 2), "image": wave([1, 4, 6, 6], 3), "kernel": wave([6, 4, 3, 3], 4), "kt": wave([4, 6, 3, 3], 5),
    "kb": wave([6], 6), "w4": wave([4], 7, 2), "b4": wave([4], 8), "c8": wave([8], 9), "d8": wave([8], 10, 2), "table": wave([9, 4], 11),
    "q": wave([1, 2, 5, 4], 12), "k": wave([1, 2, 5, 4], 13), "v": wave([1, 2, 5, 4], 14), "logits": wave([5, 4], 15), "cube": wave([2, 4, 4], 16),
    "boxes": torch.tensor([[0, 0, 4, 4], [0, 0, 4, 5], [6, 6, 8, 8], [1, 1, 5, 5], [6, 6, 8, 8.5], [0, 0, 4, 4.5]]), "scores": torch.tensor([0.5, 0.9, 0.3, 0.7, 0.4, 0.9]),
    "ids": count([2, 3], 4), "idx": count([2, 8, 4], 8), "i1": count([3], 8), "labels": count([5], 4), "i44": count([2, 4], 4),
    "logp": F.log_softmax(wave([8, 2, 4], 18), -1), "goal": torch.tensor([[1, 2, 2], [3, 1, 1]]), "steps": torch.tensor([8, 6]), "goals": torch.tensor([3, 2]),
    "small": torch.tensor([[127, 100, -3], [-128, -128, 5]], dtype=torch.int8), "mask": wave([2, 8, 4], 17) > 0,
}
names = {torch.float32: "f32", torch.float64: "f64", torch.int64: "i64", torch.bool: "bool", torch.float16: "f16", torch.int8: "i8"}


torchvision = SimpleNamespace(ops=SimpleNamespace(nms=nms, sigmoid_focal_loss=sigmoid_focal_loss))


def of(text):
    """The tensors of a call, and the parameters of its module as `wave` sets them."""
    made = {}

    def track(module_type):
        def make(*args, **kwargs):
            module = module_type(*args, **kwargs).eval()
            for i, (name, value) in enumerate(module.state_dict().items()):
                if value.dtype == torch.float32:
                    value.copy_(wave(list(value.shape), i + 1, 2.0 if "var" in name else 0.0) * 0.5)
            made.update(module.state_dict())
            return module
        return make

    tracked = type("nn", (), {name: staticmethod(track(getattr(nn, name))) for name in set(re.findall(r"\bnn\.(\w+)", text))})
    with torch.no_grad():
        value = eval(text, {"torch": torch, "torchvision": torchvision, "F": F, "nn": tracked, **{name: t.clone() for name, t in inputs.items()}})
    if not isinstance(value, torch.Tensor):
        return None
    state = {name: list(tensor.shape) for name, tensor in made.items() if tensor.dtype == torch.float32}
    return {"dtype": names[value.dtype], "shape": list(value.shape), "data": [round(float(n), 6) for n in value.double().flatten().tolist()], "state": state}


golden = {}
for row in json.loads((folder / "spellings.json").read_text()):
    if row["result"] == "error" and "right" not in row:
        continue
    text = row.get("value", row["torch"])
    golden[text] = of(text)
lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items()]
types = {name: {"dtype": names[t.dtype], "shape": list(t.shape), "data": [float(n) for n in t.double().flatten().tolist()]} for name, t in inputs.items()}
(folder / "spellings.golden.json").write_text('{"inputs": ' + json.dumps(types) + ',\n"results": {\n' + ",\n".join(lines) + "\n}}\n")
print(len(golden), "calls")
