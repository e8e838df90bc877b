"""Writes test/run/examples/NAME.safetensors: weights, inputs and outputs of small versions of examples/experts and examples/detector in PyTorch.

    python scripts/torch-examples.py [NAME..]      # torch, transformers, safetensors

A file holds `weight.<name in the checkpoint>`, and for each case `in.<case>.<input>` and `out.<case>.<output>`.
"""

import json
import re
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from torch import nn

from torchvision_nms import nms

folder = Path(__file__).resolve().parent.parent / "test/run/examples"


def experts():
    """Mixtral of Hugging Face, with the names of its checkpoints, in which every expert has weights of its own."""
    config = transformers.MixtralConfig(
        vocab_size=48, hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        num_local_experts=4, num_experts_per_tok=2, rope_parameters={"rope_type": "default", "rope_theta": 1e6},
    )  # fmt: skip
    model = transformers.MixtralForCausalLM(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.randn(parameter.shape) * (0.6 if "experts" in name else 0.3) + (1 if parameter.dim() == 1 else 0))
    weights = {}
    for name, value in model.state_dict().items():
        block = name.replace(".mlp.", ".block_sparse_moe.")
        if name.endswith("gate_up_proj"):
            for i, both in enumerate(value):
                gate, up = both.chunk(2)
                weights |= {block.replace("gate_up_proj", f"{i}.w1.weight"): gate, block.replace("gate_up_proj", f"{i}.w3.weight"): up}
        elif name.endswith("down_proj"):
            weights |= {block.replace("down_proj", f"{i}.w2.weight"): down for i, down in enumerate(value)}
        else:
            weights[block] = value
    # A single token leaves two experts without any.
    cases = [{"ids": torch.randint(0, 48, (2, 7))}, {"ids": torch.randint(0, 48, (1, 1))}]
    keys = re.findall(r'from "(\w+)"', (folder.parent.parent.parent / "examples/experts/model.arch").read_text())
    settings = {**config.to_dict(), "rope_theta": 1e6}
    (folder / "experts.json").write_text(json.dumps({key: settings[key] for key in keys}, indent=2) + "\n")
    return weights, cases, lambda ids: {"logits": model(ids).logits}


class Fcos(nn.Module):
    """The head of torchvision.models.detection.fcos and its `postprocess_detections`, for one image and without the limits on the candidates of a level."""

    classes, depth, strides, threshold, iou, most = 3, 2, (8, 16), 0.2, 0.6, 100

    def __init__(self, channels):
        super().__init__()
        tower = lambda: nn.Sequential(
            *[m for _ in range(self.depth) for m in (nn.Conv2d(channels, channels, 3, padding=1), nn.GroupNorm(8, channels), nn.ReLU())]
        )
        conv = lambda out: nn.Conv2d(channels, out, 3, padding=1)
        self.classification_head = nn.ModuleDict({"conv": tower(), "cls_logits": conv(self.classes)})
        self.regression_head = nn.ModuleDict({"conv": tower(), "bbox_reg": conv(4), "bbox_ctrness": conv(1)})

    def forward(self, fine, coarse):
        found = [self.candidates(x, stride) for x, stride in zip((fine, coarse), self.strides)]
        boxes, scores, labels = (torch.cat(parts) for parts in zip(*found))
        height, width = (self.strides[0] * side for side in fine.shape[2:])
        boxes = torch.stack([boxes[:, 0].clamp(0, width), boxes[:, 1].clamp(0, height), boxes[:, 2].clamp(0, width), boxes[:, 3].clamp(0, height)], 1)
        # Each class by itself, as torchvision does it for many boxes.
        remains = torch.zeros(len(boxes), dtype=torch.bool)
        for label in labels.unique():
            places = (labels == label).nonzero()[:, 0]
            remains[places[nms(boxes[places], scores[places], self.iou)]] = True
        places = remains.nonzero()[:, 0]
        best = places[scores[places].sort(descending=True, stable=True).indices][: self.most]
        return {"boxes": boxes[best], "scores": scores[best], "labels": labels[best]}

    def candidates(self, x, stride):
        head = self.classification_head
        logits = head.cls_logits(head.conv(x))[0].permute(1, 2, 0).reshape(-1, self.classes)
        head = self.regression_head
        tower = head.conv(x)
        sides = head.bbox_reg(tower).relu()[0].permute(1, 2, 0).reshape(-1, 4) * stride
        centerness = head.bbox_ctrness(tower)[0].permute(1, 2, 0).reshape(-1, 1)
        scores = (logits.sigmoid() * centerness.sigmoid()).sqrt().flatten()
        chosen = (scores > self.threshold).nonzero()[:, 0]
        places, labels = chosen // self.classes, chosen % self.classes
        y, x = (places // x.shape[3]) * stride, (places % x.shape[3]) * stride
        left, top, right, bottom = sides[places].unbind(1)
        return torch.stack([x - left, y - top, x + right, y + bottom], 1), scores[chosen], labels


def detector():
    model = Fcos(16).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.15 + (1 if parameter.dim() == 1 and ".conv." in name and "weight" in name else 0))
        model.classification_head["cls_logits"].bias.sub_(3)
        model.regression_head["bbox_reg"].bias.add_(1.5)
    cases = [
        {"fine": torch.randn(1, 16, 10, 12), "coarse": torch.randn(1, 16, 5, 6)},
        {"fine": torch.randn(1, 16, 6, 4), "coarse": torch.randn(1, 16, 3, 2)},
    ]
    return model.state_dict(), cases, model


builds = (experts, detector)

for build in [b for b in builds if b.__name__ in sys.argv[1:] or len(sys.argv) == 1]:
    torch.manual_seed(0)
    weights, cases, model = build()
    tensors = {f"weight.{name}": value for name, value in weights.items()}
    for i, inputs in enumerate(cases):
        with torch.no_grad():
            outputs = model(**inputs)
        tensors |= {f"in.{i}.{name}": value for name, value in inputs.items()} | {f"out.{i}.{name}": value for name, value in outputs.items()}
        print(build.__name__, i, {name: list(value.shape) for name, value in outputs.items()})
    path = folder / f"{build.__name__}.safetensors"
    save_file({name: value.clone().contiguous() for name, value in tensors.items()}, path)
    path.chmod(0o644)
