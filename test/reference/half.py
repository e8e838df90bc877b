"""How far gradients in f16 are from those in float64, as `torch.autocast` of PyTorch 2.13 computes them on the CPU.

    python half.py

half.json has for models of models.py the distance of all gradients together, divided by their size. Weights, batches and exact gradients are those of
data/NAME.safetensors; the loss is scaled by 1024. lstm and gru_tagger are not in it: PyTorch has no recurrent layers in f16 on the CPU.
"""

import json
import os

import torch
import torch.nn.functional as F
from common import data, fixture, here, sampled
from models import drawn, stored

SCALE = 2.0**10


def distance(name):
    torch.manual_seed(1234)
    reference = data(name)
    model = (stored[name] if name in stored else drawn[name][0])()
    weights = fixture(name, "weights") if name in stored else data(f"{name}.weights")
    model.load_state_dict(weights, strict=False)
    model.eval()
    inputs = {key[3:]: value for key, value in reference.items() if key.startswith("in.")}
    with torch.autocast("cpu", dtype=torch.float16):
        found = model(**inputs)
        logits = found if torch.is_tensor(found) else found.logits
        loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), reference["labels"].reshape(-1))
    (loss * SCALE).backward()
    squares = size = 0.0
    for key, p in model.named_parameters():
        wanted = reference.get(f"grad.{key}")
        if wanted is None:
            continue
        got = sampled(p.grad, 1024) / SCALE
        squares += ((got.double() - wanted.double()) ** 2).sum().item()
        size += (wanted.double() ** 2).sum().item()
    return (squares / size) ** 0.5


if __name__ == "__main__":
    found = {name: distance(name) for name in ["cnn", "transformer", "gpt2", "llama", "vit"]}
    with open(os.path.join(here, "half.json"), "w") as file:
        file.write(json.dumps(found, indent=2) + "\n")
