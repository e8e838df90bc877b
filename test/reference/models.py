"""Gradients and three steps of AdamW and of SGD for whole models, as PyTorch 2.13 and transformers 5.18 compute them on the CPU.

    python models.py [NAME...]

cnn, lstm, transformer and gpt2 have the weights and inputs of test/fixtures; those of gru_tagger, llama and vit are drawn here and stored as
data/NAME.weights.safetensors. data/NAME.safetensors has `in.*`, `labels`, `losses` (before each step of AdamW), `grad.*` (in float64),
`largest.*` (the largest magnitude of each of these), and `sgd3.*` and `adamw3.*`, the parameters after three steps with the same batch.
Of tensors with more than 1024 elements, these are a sample with a fixed stride: see `sampled` in common.py.
"""

import copy
import math
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from common import fixture, named, sampled, write


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 6 * 6, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, image):
        x = F.max_pool2d(F.relu(self.conv1(image)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(10, 8, 2, batch_first=True)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self, vocab=10, d=8, heads=8, ff=2048, max_len=64):
        super().__init__()
        self.d = d
        self.embedding = nn.Embedding(vocab, d)
        positions = torch.arange(max_len)[:, None]
        rates = torch.exp(torch.arange(0, d, 2) * (-math.log(10000.0) / d))
        table = torch.zeros(max_len, d)
        table[:, 0::2] = torch.sin(positions * rates)
        table[:, 1::2] = torch.cos(positions * rates)
        self.register_buffer("table", table, persistent=False)
        self.encoder = nn.TransformerEncoderLayer(d, heads, ff, dropout=0.0, batch_first=True)
        self.decoder = nn.TransformerDecoderLayer(d, heads, ff, dropout=0.0, batch_first=True)
        self.fc = nn.Linear(d, vocab)

    def forward(self, src):
        h = self.embedding(src) * math.sqrt(self.d) + self.table[: src.shape[1]]
        h = self.encoder(h)
        return self.fc(self.decoder(h, h))


class GRUTagger(nn.Module):
    def __init__(self, vocab=50, width=12, hidden=10, tags=5):
        super().__init__()
        self.embedding = nn.Embedding(vocab, width)
        self.gru = nn.GRU(width, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, tags)

    def forward(self, ids):
        return self.fc(self.gru(self.embedding(ids))[0])


tiny = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)


def gpt2():
    import transformers as t

    off = dict(resid_pdrop=0, embd_pdrop=0, attn_pdrop=0)
    return t.GPT2LMHeadModel(t.GPT2Config(vocab_size=100, n_positions=32, n_embd=32, n_layer=2, n_head=4, use_cache=False, **off))


def llama():
    import transformers as t

    return t.LlamaForCausalLM(
        t.LlamaConfig(vocab_size=100, max_position_embeddings=64, num_key_value_heads=2, use_cache=False, tie_word_embeddings=False, **tiny)
    )


def vit():
    import transformers as t

    off = dict(hidden_dropout_prob=0, attention_probs_dropout_prob=0)
    return t.ViTForImageClassification(t.ViTConfig(image_size=32, patch_size=8, num_labels=7, **off, **tiny))


def tokens(*shape, vocab=100):
    return torch.randint(3, vocab - 3, shape)


stored = {"cnn": CNN, "lstm": RNN, "transformer": Transformer, "gpt2": gpt2}
drawn = {
    "gru_tagger": (GRUTagger, lambda: {"ids": tokens(3, 9, vocab=50)}),
    "llama": (llama, lambda: {"input_ids": tokens(2, 9)}),
    "vit": (vit, lambda: {"pixel_values": torch.randn(2, 3, 32, 32)}),
}


def strengthen(model):
    """Weights with which every part matters: with the library's small initial values, a wrong activation, mask or epsilon would stay below the
    tolerance."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() > 1:
                p.copy_(torch.randn(p.shape) * (1.3 / max(1, p[0].numel()) ** 0.5))
            elif "bias" in name:
                p.copy_(torch.randn(p.shape) * 0.3)
            else:
                p.copy_(torch.rand(p.shape) + 0.5)


def make(name):
    torch.manual_seed(1234)
    torch.set_num_threads(1)
    if name in stored:
        model = stored[name]()
        model.load_state_dict(fixture(name, "weights"), strict=False)
        inputs = {key[3:]: value for key, value in fixture(name, "io").items() if key.startswith("in.")}
    else:
        make_model, make_inputs = drawn[name]
        model, inputs = make_model(), make_inputs()
        strengthen(model)
        write(f"{name}.weights", dict(model.named_parameters()))
    model.eval()
    start = copy.deepcopy(model.state_dict())

    def logits(feeds):
        result = model(**feeds)
        return result if torch.is_tensor(result) else result.logits

    with torch.no_grad():
        shape = logits(inputs).shape
    labels = torch.randint(0, shape[-1], shape[:-1])

    def loss(feeds=inputs):
        found = logits(feeds)
        return F.cross_entropy(found.reshape(-1, found.shape[-1]), labels.reshape(-1))

    def three_steps(optimizer):
        losses = []
        for _ in range(3):
            optimizer.zero_grad()
            value = loss()
            value.backward()
            losses.append(value.item())
            optimizer.step()
        after = {key: p.detach().clone() for key, p in model.named_parameters()}
        model.load_state_dict(start)
        return after, losses

    adamw, losses = three_steps(torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01))
    sgd, _ = three_steps(torch.optim.SGD(model.parameters(), lr=1e-2))
    model.double().zero_grad()
    loss({key: value.double() if value.is_floating_point() else value for key, value in inputs.items()}).backward()
    gradients = {key: p.grad for key, p in model.named_parameters() if p.grad is not None}

    def some(tensors):
        return {key: sampled(value, 1024) for key, value in tensors.items()}

    write(
        name,
        {
            **named("in", inputs),
            "labels": labels,
            "losses": torch.tensor(losses),
            **named("grad", some(gradients)),
            **named("largest", {key: value.abs().max() for key, value in gradients.items()}),
            **named("sgd3", some(sgd)),
            **named("adamw3", some(adamw)),
        },
    )


if __name__ == "__main__":
    for case in sys.argv[1:] or [*stored, *drawn]:
        make(case)
