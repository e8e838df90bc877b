"""Exports one of the models of the benchmark from PyTorch:

torch_export.py cnn|transformer|gpt2 dynamo|legacy OUTPUT.onnx [WEIGHTS.safetensors]
torch_export.py gpt2 weights OUTPUT.safetensors
"""

import math
import sys
import warnings

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

warnings.filterwarnings("ignore")


class CNN(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 6 * 6, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, image):
        x = F.max_pool2d(F.relu(self.conv1(image)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class Transformer(nn.Module):
    def __init__(self, vocab=10, d=8, heads=8, ff=2048, max_len=64):
        super().__init__()
        self.d = d
        self.embedding = nn.Embedding(vocab, d)
        position = torch.arange(max_len)[:, None]
        rate = torch.exp(torch.arange(0, d, 2) * (-math.log(10000.0) / d))
        table = torch.zeros(max_len, d)
        table[:, 0::2], table[:, 1::2] = torch.sin(position * rate), torch.cos(position * rate)
        self.register_buffer("positions", table, persistent=False)
        self.encoder = nn.TransformerEncoderLayer(d, heads, ff, dropout=0.0, batch_first=True)
        self.decoder = nn.TransformerDecoderLayer(d, heads, ff, dropout=0.0, batch_first=True)
        self.fc = nn.Linear(d, vocab)

    def forward(self, src):
        x = self.embedding(src) * math.sqrt(self.d) + self.positions[: src.shape[1]]
        memory = self.encoder(x)
        return self.fc(self.decoder(memory, memory))


class Conv1D(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs).normal_(std=0.02))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return x @ self.weight + self.bias


class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.c_attn, self.c_proj = Conv1D(d, 3 * d), Conv1D(d, d)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = (y.reshape(n, t, self.heads, d // self.heads).transpose(1, 2) for y in self.c_attn(x).split(d, dim=-1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).reshape(n, t, d))


class FeedForward(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.c_fc, self.c_proj = Conv1D(d, 4 * d), Conv1D(4 * d, d)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.ln_1, self.attn = nn.LayerNorm(d), CausalSelfAttention(d, heads)
        self.ln_2, self.mlp = nn.LayerNorm(d), FeedForward(d)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT2(nn.Module):
    def __init__(self, vocab=50257, positions=1024, d=768, layers=12, heads=12):
        super().__init__()
        parts = {"wte": nn.Embedding(vocab, d), "wpe": nn.Embedding(positions, d), "ln_f": nn.LayerNorm(d)}
        self.transformer = nn.ModuleDict({**parts, "h": nn.ModuleList(Block(d, heads) for _ in range(layers))})

    def forward(self, input_ids):
        parts = self.transformer
        x = parts["wte"](input_ids) + parts["wpe"].weight[: input_ids.shape[1]]
        for block in parts["h"]:
            x = block(x)
        return parts["ln_f"](x) @ parts["wte"].weight.T


MODELS = {  # name -> model, an input, the names of its symbolic axes
    "cnn": (CNN, lambda: torch.randn(2, 3, 24, 24), {0: "N"}),
    "transformer": (Transformer, lambda: torch.randint(0, 10, (2, 6)), {0: "N", 1: "T"}),
    "gpt2": (GPT2, lambda: torch.randint(0, 50257, (2, 16)), {0: "N", 1: "T"}),
}


def main():
    if sys.argv[1] == "--versions":
        print(f"torch {torch.__version__}, Python {sys.version.split()[0]}")
        return
    name, exporter, output, *weights = sys.argv[1:]
    torch.manual_seed(0)
    make, example, axes = MODELS[name]
    model = make().eval()
    if weights:
        model.load_state_dict(load_file(weights[0]))
    if exporter == "dynamo":
        dynamic = tuple([{axis: torch.export.Dim.DYNAMIC for axis in axes}])
        torch.onnx.export(model, (example(),), output, dynamic_shapes=dynamic, verbose=False, external_data=False)
    elif exporter == "legacy":
        names = {"input_names": ["input"], "output_names": ["logits"]}
        torch.onnx.export(model, (example(),), output, dynamo=False, dynamic_axes={"input": axes, "logits": axes}, **names)
    elif exporter == "weights":
        save_file(model.state_dict(), output)


if __name__ == "__main__":
    main()
