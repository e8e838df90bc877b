"""Low-rank adapters: gradients and three steps of AdamW, with a linear layer written after Hu et al. 2021: W x + alpha / rank * B A x.

    python lora.py

PyTorch 2.13 in float64. data/lora.safetensors has for each case the frozen weights (`CASE/start.*`, with the names that the model has without adapters), the
adapters with the names of Hugging Face PEFT (`CASE/adapter.*`, where B is 0, and `CASE/grown.*`, where it is not), the batch (`CASE/in.*`), the losses before
three steps from the former and the weights after them (`CASE/losses`, `CASE/after.*`), and the gradients for the latter (`CASE/grad.*`).
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from common import named, write


class Adapted(nn.Module):
    """A linear layer, frozen, with an adapter. `inputs_first`: the matrix is [in, out], as in GPT-2."""

    def __init__(self, inputs, outputs, rank, alpha, inputs_first=False, bias=True):
        super().__init__()
        shape = (inputs, outputs) if inputs_first else (outputs, inputs)
        self.weight = nn.Parameter(torch.randn(shape) * inputs**-0.5, requires_grad=False)
        self.bias = nn.Parameter(torch.randn(outputs) * 0.3, requires_grad=False) if bias else None
        self.lora_A = nn.Linear(inputs, rank, bias=False)
        self.lora_B = nn.Linear(rank, outputs, bias=False)
        nn.init.zeros_(self.lora_B.weight)
        self.scale = alpha / rank
        self.inputs_first = inputs_first

    def forward(self, x):
        matrix = self.weight if self.inputs_first else self.weight.T
        y = x @ matrix + self.scale * self.lora_B(self.lora_A(x))
        return y if self.bias is None else y + self.bias


class Net(nn.Module):
    """`inputs_first`: of the first layer. `twice`: the second layer is used twice."""

    def __init__(self, inputs_first=False, twice=False, trained=()):
        super().__init__()
        self.first = Adapted(5, 8, rank=2, alpha=6, inputs_first=inputs_first)
        self.second = Adapted(8, 8, rank=2, alpha=6, bias=False)
        self.head = nn.Linear(8, 3)
        self.twice = twice
        for name, p in self.head.named_parameters():
            p.requires_grad_(f"head.{name}" in trained)

    def forward(self, x):
        x = torch.tanh(self.second(torch.tanh(self.first(x))))
        if self.twice:
            x = torch.tanh(self.second(x))
        return self.head(x)


class Tied(nn.Module):
    """The embedding is the head, too, and its adapter is added to the table itself."""

    def __init__(self):
        super().__init__()
        self.table = Adapted(6, 9, rank=3, alpha=3, bias=False)

    def forward(self, ids):
        table = self.table.weight + self.table.scale * self.table.lora_B.weight @ self.table.lora_A.weight
        return torch.tanh(F.embedding(ids, table)) @ table.T


def features():
    return {"x": torch.randn(6, 5), "labels": torch.randint(0, 3, (6,))}


def texts():
    return {"ids": torch.randint(0, 9, (4, 5)), "labels": torch.randint(0, 9, (4, 5))}


cases = {
    "linear": (Net, features),
    "inputs_first": (lambda: Net(inputs_first=True), features),
    "twice": (lambda: Net(twice=True), features),
    "head": (lambda: Net(trained=("head.weight", "head.bias")), features),
    "tied": (Tied, texts),
}

torch.set_num_threads(1)
results = {}
for case, (make, batch_of) in cases.items():
    torch.manual_seed(21)
    model = make()
    first = batch_of()
    batch = {key: value.double() if value.is_floating_point() else value for key, value in first.items()}
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    at_first = {k: p.detach().clone() for k, p in model.named_parameters()}
    results |= named(f"{case}/start", {k: p for k, p in at_first.items() if "lora" not in k}) | named(f"{case}/in", first)
    results |= named(f"{case}/adapter", {k: p for k, p in at_first.items() if "lora" in k})
    model.double()
    begin = {k: v.clone() for k, v in model.state_dict().items()}

    def loss(*, labels, **inputs):
        logits = model(**inputs)
        return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1))

    # Gradients with a B that is not 0: with 0, A has none.
    grown = {k: torch.randn_like(p) * 0.5 if "lora_B" in k else p.clone() for k, p in model.named_parameters() if "lora" in k}
    grown = {k: p.detach().float() for k, p in grown.items()}
    model.load_state_dict({k: p.double() for k, p in grown.items()}, strict=False)
    loss(**batch).backward()
    results |= named(f"{case}/grown", grown) | named(f"{case}/grad", {k: p.grad for k, p in trained.items()})
    model.load_state_dict(begin)

    optimizer = torch.optim.AdamW(trained.values(), lr=0.01)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        value = loss(**batch)
        value.backward()
        losses.append(value.item())
        optimizer.step()
    print(case, losses)
    results |= {f"{case}/losses": torch.tensor(losses, dtype=torch.float64)} | named(f"{case}/after", trained)
write("lora", results)
