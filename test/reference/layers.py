"""Twenty steps of SGD for models whose layers are special while they train: batch norm, models that are used twice, frozen teachers.

    python layers.py

PyTorch 2.13 in float64. data/layers.safetensors has for each case the first weights and buffers (`CASE/start.*`), the batches (`CASE/in.*`, twenty along the first
axis), the losses before the steps (`CASE/losses`), and weights and running statistics after them (`CASE/after.*`). test/train/layers.test.ts has the same
models as archc writes them.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from common import named, write


class Net(nn.Module):
    """A convolution, batch norm, a linear layer. `shared`: the norm is used a second time, after another convolution."""

    def __init__(self, shared=False):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.bn = nn.BatchNorm2d(4, momentum=0.2)
        if shared:
            self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.fc = nn.Linear(36, 3)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        if hasattr(self, "conv2"):
            x = F.relu(self.bn(self.conv2(x)))
        return self.fc(x.flatten(1))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(5, 6)
        self.bn = nn.BatchNorm1d(6, affine=False)

    def forward(self, x):
        return torch.tanh(self.bn(self.fc(x)))


class Plain(nn.Module):
    """Batch norm of features, without scale and shift."""

    def __init__(self):
        super().__init__()
        self.block = Block()
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        return self.fc(self.block(x))


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(5, 3)

    def forward(self, x):
        return self.fc(x)


class Distilled(nn.Module):
    """A student, and a teacher that is never trained."""

    def __init__(self):
        super().__init__()
        self.student = Student()
        self.teacher = Plain()

    def forward(self, x):
        return self.student(x)


def shake(module):
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if name.endswith("running_var") or name.endswith("bn.weight"):
                tensor.uniform_(0.5, 1.5)
            elif name.endswith("running_mean") or name.endswith("bn.bias"):
                tensor.normal_(0, 0.3)


def images():
    return {"x": torch.randn(20, 6, 2, 5, 5), "labels": torch.randint(0, 3, (20, 6))}


def features():
    return {"x": torch.randn(20, 6, 5), "labels": torch.randint(0, 3, (20, 6))}


def cross_entropy(model, x, labels):
    return F.cross_entropy(model(x), labels)


def freeze(*parts):
    def apply(model):
        for part in parts:
            model.get_submodule(part).requires_grad_(False)

    return apply


def evaluate(*parts):
    def apply(model):
        for part in parts:
            model.get_submodule(part).eval()

    return apply


def both(*actions):
    return lambda model: [action(model) for action in actions]


def twice(model, x, x2, labels):
    return F.cross_entropy(model(x), labels) + 0.5 * model(x2).square().mean()


def distil(model, x, labels):
    with torch.no_grad():
        wanted = F.softmax(model.teacher(x) / 2, -1)
    student = model.student(x)
    return F.cross_entropy(student, labels) + 4 * F.kl_div(F.log_softmax(student / 2, -1), wanted, reduction="batchmean")


# name -> model, batches, loss, what is frozen or evaluated
cases = {
    "bn": (Net, images, cross_entropy, both()),
    "bn_frozen": (Net, images, cross_entropy, both(freeze("bn"), evaluate("bn"))),
    "bn_frozen_updated": (Net, images, cross_entropy, freeze("bn")),
    "bn_evaluated": (Net, images, cross_entropy, evaluate("bn")),
    "bn_shared": (lambda: Net(shared=True), images, cross_entropy, both()),
    "bn_plain": (Plain, features, cross_entropy, both()),
    "bn_plain_frozen": (Plain, features, cross_entropy, both(freeze("block"), evaluate("block"))),
    "bn_plain_frozen_updated": (Plain, features, cross_entropy, freeze("block")),
    "twice": (Net, lambda: {**images(), "x2": torch.randn(20, 4, 2, 5, 5)}, twice, both()),
    "distilled": (Distilled, features, distil, both(freeze("teacher"), evaluate("teacher"))),
}

torch.set_num_threads(1)
results = {}
for case, (make, batches, loss_of, prepare) in cases.items():
    torch.manual_seed(3)
    model = make()
    shake(model)
    feeds = batches()
    state = lambda: {k: v.clone() for k, v in model.state_dict().items() if v.is_floating_point()}
    results |= named(f"{case}/start", state()) | named(f"{case}/in", feeds)
    model.double().train()
    prepare(model)
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    losses = []
    for step in range(20):
        batch = {k: v[step].double() if v.is_floating_point() else v[step] for k, v in feeds.items()}
        optimizer.zero_grad()
        loss = loss_of(model, **batch)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    print(case, losses[0], losses[-1])
    results |= named(f"{case}/after", state()) | {f"{case}/losses": torch.tensor(losses, dtype=torch.float64)}
write("layers", results)
