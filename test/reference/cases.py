"""What the scripts beside this file share: a case is a call in archc, its inputs, and what PyTorch computes from them in float64."""

import json
from pathlib import Path

import torch

names = {torch.float64: "f32", torch.float32: "f32", torch.int64: "i64", torch.bool: "bool"}


def number(value):
    """To 12 digits; JSON has no infinities."""
    value = float(value)
    return float(f"{value:.12g}") if abs(value) != float("inf") else str(value)


class Cases:
    def __init__(self):
        self.cases = []

    def add(self, call, sizes, inputs, function, gradients=True, title=None, constants=("w",)):
        """`sizes` are the axes of each input in archc: names are sizes of the run. `function` gets the inputs by name; `constants` are those that PyTorch cannot derive by."""
        leaves = {k: v.detach().clone().requires_grad_(gradients and k not in constants and v.dtype == torch.float64) for k, v in inputs.items()}
        y = function(**leaves)
        entry = {"call": call} if title is None else {"title": title, "call": call}
        entry["inputs"] = {
            k: {"axes": sizes[k], "dtype": names[v.dtype], "shape": list(v.shape), "data": [number(n) for n in v.flatten()]}
            for k, v in inputs.items()
        }
        entry["y"] = {"dtype": names[y.dtype], "shape": list(y.shape), "data": [number(n) for n in y.detach().flatten()]}
        if gradients:
            # Of the sum of cos(i + 1) y_i, which the test has, too.
            seed = torch.cos(torch.arange(y.numel(), dtype=torch.float64) + 1).reshape(y.shape)
            y.backward(seed)
            entry["gradients"] = {k: [number(n) for n in v.grad.flatten()] for k, v in leaves.items() if v.grad is not None}
        self.cases.append(entry)

    def write(self, name):
        rows = [json.dumps(entry) for entry in self.cases]
        path = Path(__file__).resolve().parent / name
        path.write_text("[\n" + ",\n".join(rows) + "\n]\n")
        print(len(rows), "cases,", path.stat().st_size, "bytes")
