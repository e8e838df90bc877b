"""Twenty steps of every optimizer of archc on a small model, as torch.optim of PyTorch 2.13 computes them, in float64.

    python optimizers.py

The model has a convolution, two matrices, one of them wide and one tall, a stack of matrices, a scalar and vectors. data/optimizers.safetensors has its first
weights (`start.*`), twenty batches (`images`, `targets`), and for each case the losses before the steps (`CASE/losses`) and the weights after them
(`CASE/NAME`). test/train/optimizers.test.ts has the same cases as archc writes them.

Muon iterates in float64 here, where PyTorch rounds to bf16: archc iterates in f32. Weights that are not matrices get AdamW with its defaults, and Muon's
weight decay, as archc does it. Lion is written after algorithm 2 of Chen et al. 2023: torch.optim does not have it.
"""

import inspect
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from common import named, write
from torch.optim import _muon


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.wide = nn.Linear(36, 6)
        self.tall = nn.Linear(6, 9)
        self.stack = nn.Parameter(torch.randn(3, 3, 2) * 0.6)
        self.gain = nn.Parameter(torch.tensor(0.7))

    def forward(self, images):
        x = torch.tanh(self.conv(images)).flatten(1)
        x = torch.tanh(self.tall(torch.tanh(self.wide(x))))
        x = torch.einsum("nij,ijk->nik", x.reshape(-1, 3, 3), self.stack)
        return self.gain * x.flatten(1)


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2), decay = group["lr"], group["betas"], group["weight_decay"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * p.grad
                p.sub_(lr * (torch.sign(c) + decay * p))
                m.copy_(beta2 * m + (1 - beta2) * p.grad)


class Both:
    """Two optimizers as one."""

    def __init__(self, *optimizers):
        self.optimizers = optimizers

    @property
    def param_groups(self):
        return [group for optimizer in self.optimizers for group in optimizer.param_groups]

    def zero_grad(self):
        for optimizer in self.optimizers:
            optimizer.zero_grad()

    def step(self):
        for optimizer in self.optimizers:
            optimizer.step()


source = inspect.getsource(_muon._zeropower_via_newtonschulz)
assert source.count(".bfloat16()") == 1
exec(source.replace(".bfloat16()", ".clone()"), _muon.__dict__)


def all_of(optimizer, **options):
    return lambda model: optimizer(model.parameters(), **options)


def muon(lr, weight_decay=0.1, **options):
    def make(model):
        matrices = [p for p in model.parameters() if p.dim() == 2]
        others = [p for p in model.parameters() if p.dim() != 2]
        return Both(
            torch.optim.Muon(matrices, lr=lr, weight_decay=weight_decay, **options),
            torch.optim.AdamW(others, lr=lr, weight_decay=weight_decay),
        )

    return make


def grouped(model):
    """`group vectors { weight_decay = 0 }` and then `group conv, *.bias { lr_scale = 10, weight_decay = 0.2 }`: the last one that matches counts."""
    last, vectors, others = [], [], []
    for name, p in model.named_parameters():
        if name.startswith("conv.") or name.endswith(".bias"):
            last.append(p)
        else:
            (vectors if p.dim() <= 1 else others).append(p)
    groups = [
        dict(params=others),
        dict(params=vectors, weight_decay=0),
        dict(params=last, lr=1e-2, weight_decay=0.2),
    ]
    return torch.optim.AdamW(groups, lr=1e-3, weight_decay=0.1)


def muon_groups(model):
    """`group vectors { weight_decay = 0 }` and `group conv { lr_scale = 0.1 }`."""
    pick = lambda test: [p for name, p in model.named_parameters() if test(name, p)]
    matrices = pick(lambda _, p: p.dim() == 2)
    vectors = pick(lambda name, p: p.dim() <= 1 and not name.startswith("conv."))
    conv = pick(lambda name, _: name.startswith("conv."))
    stack = pick(lambda _, p: p.dim() == 3)
    return Both(
        torch.optim.Muon(matrices, lr=0.02, weight_decay=0.1),
        torch.optim.AdamW(
            [dict(params=vectors, weight_decay=0), dict(params=conv, lr=0.002), dict(params=stack)], lr=0.02, weight_decay=0.1
        ),
    )


# Learning rates as factors of the first one, by the number of steps taken before. Those with a warmup are get_linear_schedule_with_warmup and
# get_cosine_schedule_with_warmup of Hugging Face Transformers; without a warmup they have none. `end` raises the end of the fall.
def warmup_linear(warmup, steps, end=0.0):
    def rate(step):
        if step < warmup:
            return step / max(1, warmup)
        fall = max(0.0, (steps - step) / max(1, steps - warmup))
        return end + (1 - end) * fall

    return rate


def warmup_cosine(warmup, steps, end=0.0):
    def rate(step):
        if step < warmup:
            return step / max(1, warmup)
        progress = min(1.0, (step - warmup) / max(1, steps - warmup))
        return end + (1 - end) * 0.5 * (1 + math.cos(math.pi * progress))

    return rate


sgd, adam, adamw, rmsprop, adagrad, adafactor = (
    torch.optim.SGD,
    torch.optim.Adam,
    torch.optim.AdamW,
    torch.optim.RMSprop,
    torch.optim.Adagrad,
    torch.optim.Adafactor,
)
eps = (2**-23, 1e-3)  # PyTorch's default is the precision of the weights, which are f64 here
plain = all_of(sgd, lr=0.1)

# name -> optimizer, and what else: a schedule, clip_norm, clip_value
cases = {
    "sgd": (plain, {}),
    "sgd_momentum": (all_of(sgd, lr=0.05, momentum=0.9), {}),
    "sgd_nesterov": (all_of(sgd, lr=0.05, momentum=0.9, nesterov=True), {}),
    "sgd_dampening": (all_of(sgd, lr=0.05, momentum=0.8, dampening=0.3, weight_decay=0.05), {}),
    "sgd_decay": (all_of(sgd, lr=0.1, weight_decay=0.1), {}),
    "adam": (all_of(adam, lr=0.01), {}),
    "adam_decay": (all_of(adam, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1), {}),
    "adam_amsgrad": (all_of(adam, lr=0.01, betas=(0.9, 0.8), amsgrad=True), {}),
    "adamw": (all_of(adamw, lr=0.01), {}),
    "adamw_amsgrad": (all_of(adamw, lr=0.01, betas=(0.7, 0.9), weight_decay=0.2, amsgrad=True), {}),
    "rmsprop": (all_of(rmsprop, lr=0.01), {}),
    "rmsprop_centered": (all_of(rmsprop, lr=0.01, alpha=0.9, eps=1e-4, centered=True), {}),
    "rmsprop_momentum": (all_of(rmsprop, lr=0.005, momentum=0.8, weight_decay=0.05), {}),
    "rmsprop_both": (all_of(rmsprop, lr=0.005, alpha=0.95, eps=1e-3, centered=True, momentum=0.5), {}),
    "adagrad": (all_of(adagrad, lr=0.05), {}),
    "adagrad_decay": (all_of(adagrad, lr=0.05, lr_decay=0.1, weight_decay=0.05, initial_accumulator_value=0.1), {}),
    "adafactor": (all_of(adafactor, lr=0.05, eps=eps), {}),
    "adafactor_decay": (all_of(adafactor, lr=0.5, beta2_decay=-0.5, eps=(1e-6, 0.01), d=1.5, weight_decay=0.05), {}),
    "muon": (muon(lr=0.02), {}),
    "muon_plain": (muon(lr=0.02, weight_decay=0.0, momentum=0.8, nesterov=False, ns_steps=3), {}),
    "muon_groups": (muon_groups, {}),
    "lion": (all_of(Lion, lr=0.003), {}),
    "lion_decay": (all_of(Lion, lr=0.003, betas=(0.8, 0.95), weight_decay=0.2), {}),
    "groups": (grouped, {}),
    "linear": (plain, {"schedule": warmup_linear(0, 16)}),
    "linear_end": (plain, {"schedule": warmup_linear(0, 16, end=0.25)}),
    "cosine": (plain, {"schedule": warmup_cosine(0, 16)}),
    "cosine_end": (all_of(adamw, lr=0.01), {"schedule": warmup_cosine(0, 25, end=0.1)}),
    "warmup_linear": (plain, {"schedule": warmup_linear(5, 16)}),
    "warmup_cosine": (plain, {"schedule": warmup_cosine(5, 16)}),
    "warmup_cosine_end": (grouped, {"schedule": warmup_cosine(3, 30, end=0.2)}),
    "clip_norm": (plain, {"clip_norm": 0.3}),
    "clip_value": (plain, {"clip_value": 0.02}),
    "clip_both": (all_of(adamw, lr=0.01), {"clip_norm": 0.3, "clip_value": 0.05}),
}


def run(make, images, targets, start, schedule=None, clip_norm=None, clip_value=None):
    model = Small().double()
    model.load_state_dict(start)
    optimizer = make(model)
    rates = [group["lr"] for group in optimizer.param_groups]
    losses = []
    norms = []
    for step, (image, target) in enumerate(zip(images, targets)):
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate if schedule is None else rate * schedule(step)
        optimizer.zero_grad()
        loss = F.mse_loss(model(image), target)
        loss.backward()
        losses.append(loss.item())
        if clip_value is not None:
            nn.utils.clip_grad_value_(model.parameters(), clip_value)
        norms.append(torch.stack([p.grad.norm() for p in model.parameters()]).norm().item())
        if clip_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        optimizer.step()
    if clip_norm is not None:
        assert min(norms) < clip_norm < max(norms), norms  # some steps are clipped, and some are not
    return {"losses": torch.tensor(losses, dtype=torch.float64), **dict(model.named_parameters())}


torch.manual_seed(7)
torch.set_num_threads(1)
start = {name: p.detach().float().double() for name, p in Small().named_parameters()}
images = torch.randn(20, 8, 2, 5, 5).double()
targets = torch.tanh(images.reshape(20, 8, 50) @ torch.randn(50, 6).double() * 0.3)
images, targets = images.float().double(), targets.float().double()
results = {"images": images, "targets": targets, **named("start", start)}
for case, (make, options) in cases.items():
    found = run(make, images, targets, start, **options)
    print(case, [round(found["losses"][i].item(), 4) for i in (0, 5, 10, 19)])
    results |= {f"{case}/{key}": value for key, value in found.items()}
write("optimizers", results)
