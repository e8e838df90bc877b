"""Exports one of the full-size models of the benchmark from PyTorch, with its weights:

torch_inference.py NAME FOLDER

writes NAME.safetensors, NAME.torch.onnx with the weights beside it, as torch.onnx.export does by default, and NAME.inside.onnx with the weights inside. The weights are
random, those of batch norms as well: with a mean and a shift of 0, as PyTorch makes them, a folded convolution would need no bias, as no trained one does.
"""

import sys
import warnings

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file
from torch_export import GPT2

warnings.filterwarnings("ignore")


class First(nn.Module):
    """Gives one output of a model of Transformers."""

    def __init__(self, model, output):
        super().__init__()
        self.model, self.output = model, output

    def forward(self, x):
        return getattr(self.model(x), self.output)


def bert():
    from transformers import BertConfig, BertModel

    return First(BertModel(BertConfig(), add_pooling_layer=False), "last_hidden_state")


def vit():
    from transformers import ViTConfig, ViTForImageClassification

    return First(ViTForImageClassification(ViTConfig(num_labels=1000)), "logits")


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, planes, 1, bias=False), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = nn.Conv2d(planes, 4 * planes, 1, bias=False), nn.BatchNorm2d(4 * planes)
        self.downsample = None
        if stride != 1 or inputs != 4 * planes:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, 4 * planes, 1, stride, bias=False), nn.BatchNorm2d(4 * planes))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet50(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        inputs = 64
        for stage, depth in enumerate([3, 4, 6, 3]):
            blocks = []
            for block in range(depth):
                blocks.append(Bottleneck(inputs, 64 * 2**stage, 2 if stage > 0 and block == 0 else 1))
                inputs = 4 * 64 * 2**stage
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(2048, 1000)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in range(4):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


class DoubleConv(nn.Sequential):
    def __init__(self, inputs, outputs):
        parts = []
        for c in (inputs, outputs):
            parts += [nn.Conv2d(c, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
        super().__init__(*parts)


class UNet(nn.Module):
    def __init__(self, classes=2, widths=(64, 128, 256, 512)):
        super().__init__()
        sizes = [3, *widths]
        self.down = nn.ModuleList(DoubleConv(a, b) for a, b in zip(sizes, widths))
        self.mid = DoubleConv(widths[-1], 2 * widths[-1])
        self.up = nn.ModuleList(nn.ConvTranspose2d(2 * c, c, 2, 2) for c in reversed(widths))
        self.dec = nn.ModuleList(DoubleConv(2 * c, c) for c in reversed(widths))
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, x):
        skips = []
        for down in self.down:
            x = down(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.mid(x)
        for up, dec, skip in zip(self.up, self.dec, reversed(skips)):
            x = dec(torch.cat([skip, up(x)], 1))
        return self.head(x)


class RNN(nn.Module):
    def __init__(self, inputs=128, hidden=512, classes=10):
        super().__init__()
        self.lstm, self.fc = nn.LSTM(inputs, hidden, 2, batch_first=True), nn.Linear(hidden, classes)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


def unsettle(model):
    """Gives batch norms the statistics that a training would have left."""
    for norm in (module for module in model.modules() if isinstance(module, nn.BatchNorm2d)):
        for tensor in (norm.bias, norm.running_mean):
            nn.init.normal_(tensor, std=0.1)
        for tensor in (norm.weight, norm.running_var):
            nn.init.uniform_(tensor, 0.5, 1.5)
    return model


def ids():
    return torch.randint(0, 30000, (2, 16))


MODELS = {  # name -> model, an input, its symbolic axes
    "bert": (bert, ids, [0, 1]),
    "gpt2": (GPT2, ids, [0, 1]),
    "vit": (vit, lambda: torch.randn(2, 3, 224, 224), [0]),
    "resnet50": (ResNet50, lambda: torch.randn(2, 3, 224, 224), [0]),
    "unet": (UNet, lambda: torch.randn(2, 3, 256, 256), [0]),
    "lstm": (RNN, lambda: torch.randn(2, 64, 128), [0]),
}


def main():
    name, folder = sys.argv[1:]
    torch.manual_seed(0)
    make, example, axes = MODELS[name]
    model = unsettle(make()).eval()
    weights = {key.removeprefix("model."): value.contiguous() for key, value in model.state_dict().items()}
    save_file({key: value for key, value in weights.items() if not key.endswith("position_ids")}, f"{folder}/{name}.safetensors")
    dynamic = ({axis: torch.export.Dim.DYNAMIC for axis in axes},)
    for output, external in (("torch", True), ("inside", False)):
        torch.onnx.export(
            model,
            (example(),),
            f"{folder}/{name}.{output}.onnx",
            input_names=["x"],
            output_names=["y"],
            dynamic_shapes=dynamic,
            verbose=False,
            external_data=external,
        )


if __name__ == "__main__":
    main()
