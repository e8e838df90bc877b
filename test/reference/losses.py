"""Writes test/reference/losses.json: losses of PyTorch and their gradients in float64.

    python test/reference/losses.py      # needs torch 2.13
"""

import sys
from pathlib import Path

import torch
import torch.nn.functional as F

from cases import Cases

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
from torchvision_losses import sigmoid_focal_loss as focal  # noqa: E402

torch.manual_seed(0)
cases = Cases()
inf = float("inf")


def draw(*shape, scale=1.5):
    return (torch.randn(*shape, dtype=torch.float64) * scale).round(decimals=2)


def share(*shape):
    return (torch.rand(*shape, dtype=torch.float64) * 0.9 + 0.05).round(decimals=3)


def reduced(losses, reduction):
    return losses if reduction == "none" else losses.sum() if reduction == "sum" else losses.mean()


reductions = ("mean", "sum", "none")

# ---------------------------------------------------------------- classes

x, labels = draw(5, 4), torch.tensor([1, 3, -100, 0, 2])
weight, position = torch.tensor([0.5, 1, 2, 0.25]).double(), torch.tensor([1, 0, 3, 0.5, 2]).double()
sizes = {"x": "N, 4", "labels": "N", "w": "4", "v": "N"}
log_p = x.log_softmax(-1)


def weighted(losses, labels, w, v, reduction):
    """Losses of positions with weights, which PyTorch does not have: the mean is weighted as with weights of classes."""
    if reduction != "mean":
        return reduced(losses * v, reduction)
    counts = labels != -100
    classes = w[labels.clamp(min=0)] * counts
    return (losses * v).sum() / (classes * v).sum()


for r in reductions:
    option = f'reduction = "{r}"'
    cases.add(f"cross_entropy(x, labels, {option})", sizes, {"x": x, "labels": labels}, lambda x, labels: F.cross_entropy(x, labels, reduction=r))
    cases.add(
        f"cross_entropy(x, labels, w, label_smoothing = 0.2, {option})",
        sizes,
        {"x": x, "labels": labels, "w": weight},
        lambda x, labels, w: F.cross_entropy(x, labels, w, label_smoothing=0.2, reduction=r),
    )
    cases.add(
        f"cross_entropy(x, labels, w, ignore_index = 3, {option})",
        sizes,
        {"x": x[:2], "labels": labels[:2], "w": weight},
        lambda x, labels, w: F.cross_entropy(x, labels, w, ignore_index=3, reduction=r),
    )
    cases.add(
        f"cross_entropy(x, labels, w, position_weight = v, label_smoothing = 0.1, {option})",
        sizes,
        {"x": x, "labels": labels, "w": weight, "v": position},
        lambda x, labels, w, v: weighted(F.cross_entropy(x, labels, w, label_smoothing=0.1, reduction="none"), labels, w, v, r),
    )
    cases.add(
        f"nll_loss(x, labels, w, {option})",
        sizes,
        {"x": log_p, "labels": labels, "w": weight},
        lambda x, labels, w: F.nll_loss(x, labels, w, reduction=r),
    )
    cases.add(
        f"nll_loss(x, labels, w, position_weight = v, {option})",
        sizes,
        {"x": log_p, "labels": labels, "w": weight, "v": position},
        lambda x, labels, w, v: weighted(F.nll_loss(x, labels, w, reduction="none"), labels, w, v, r),
    )

x3, labels3 = draw(2, 3, 4), torch.tensor([[0, 2, 1, 1], [2, -100, 0, 1]])
cases.add(
    "cross_entropy(x, labels, w, axis = 1, label_smoothing = 0.3)",
    {"x": "N, 3, T", "labels": "N, T", "w": "3"},
    {"x": x3, "labels": labels3, "w": weight[:3]},
    lambda x, labels, w: F.cross_entropy(x, labels, w, label_smoothing=0.3),
)
cases.add(
    "cross_entropy(x, labels, w, label_smoothing = 0.1)",
    {"x": "N, 4", "labels": "N", "w": "4"},
    {"x": torch.tensor([[1000.0, -1000, 0, 3], [-500, -600, 700, 800]]).double(), "labels": torch.tensor([1, 2]), "w": weight},
    lambda x, labels, w: F.cross_entropy(x, labels, w, label_smoothing=0.1),
    title="cross_entropy of logits up to 1000",
)

# ---------------------------------------------------------------- elements

a, b, p, q = draw(3, 4), draw(3, 4), share(3, 4), share(3, 4)
rows = torch.tensor([[0.0], [2.0], [0.5]]).double()
sizes = {"x": "N, 4", "t": "N, 4", "w": "4", "v": "N, 1"}
for r in reductions:
    option = f'reduction = "{r}"'
    cases.add(f"mse_loss(x, t, {option})", sizes, {"x": a, "t": b}, lambda x, t: F.mse_loss(x, t, reduction=r))
    cases.add(f"l1_loss(x, t, {option})", sizes, {"x": a, "t": b}, lambda x, t: F.l1_loss(x, t, reduction=r))
    cases.add(f"huber_loss(x, t, delta = 1.25, {option})", sizes, {"x": a, "t": b}, lambda x, t: F.huber_loss(x, t, r, 1.25))
    cases.add(f"smooth_l1_loss(x, t, beta = 0.5, {option})", sizes, {"x": a, "t": b}, lambda x, t: F.smooth_l1_loss(x, t, reduction=r, beta=0.5))
    cases.add(
        f"bce_with_logits(x, t, v, pos_weight = w, {option})",
        sizes,
        {"x": a, "t": q, "v": rows, "w": weight},
        lambda x, t, v, w: F.binary_cross_entropy_with_logits(x, t, v, pos_weight=w, reduction=r),
        constants=("v", "w"),
    )
    cases.add(f"bce_loss(x, t, w, {option})", sizes, {"x": p, "t": q, "w": weight}, lambda x, t, w: F.binary_cross_entropy(x, t, w, reduction=r))
    cases.add(f"kl_div(log_softmax(x, 1), softmax(t, 1), {option})", sizes, {"x": a, "t": b}, lambda x, t: F.kl_div(x.log_softmax(1), t.softmax(1), reduction=r))
far = torch.tensor([[100.0, -100, 800, -800]]).double()
cases.add("bce_with_logits(x, t)", sizes, {"x": far, "t": torch.tensor([[0, 1, 1, 0.5]]).double()}, lambda x, t: F.binary_cross_entropy_with_logits(x, t))
cases.add("cosine_similarity(x, t)", sizes, {"x": a, "t": b}, lambda x, t: F.cosine_similarity(x, t))

# ---------------------------------------------------------------- sequences

sizes = {"x": "T, N, 5", "ids": "N, S", "steps": "N", "count": "N"}


def ctc(x, ids, steps, count, reduction="mean", **options):
    return F.ctc_loss(x.log_softmax(-1), ids, steps, count, reduction=reduction, **options)


logits = draw(7, 4, 5)
# Repeated labels, a short sequence, no labels, and one sequence that has just as many steps as it needs.
ids = torch.tensor([[1, 1, 2], [3, 4, 3], [2, 0, 0], [4, 4, 1]])
steps, count = torch.tensor([7, 5, 6, 4]), torch.tensor([3, 3, 0, 3])
feeds = {"x": logits, "ids": ids, "steps": steps, "count": count}
for r in reductions:
    cases.add(f'ctc_loss(log_softmax(x, -1), ids, steps, count, reduction = "{r}")', sizes, feeds, lambda r=r, **given: ctc(reduction=r, **given))
cases.add("ctc_loss(log_softmax(x, -1), ids, steps, count, blank = 2)", sizes, {**feeds, "ids": torch.tensor([[1, 1, 0], [3, 4, 3], [0, 2, 2], [4, 4, 1]])}, lambda **given: ctc(blank=2, **given))
cases.add(
    'ctc_loss(log_softmax(x, -1), ids, steps, count, reduction = "none", zero_infinity = true)',
    sizes,
    {**feeds, "steps": torch.tensor([7, 2, 6, 3])},
    lambda **given: ctc(reduction="none", zero_infinity=True, **given),
    title="ctc_loss of targets for which there are too few steps",
)
cases.add(
    'ctc_loss(log_softmax(x, -1), ids, steps, count, reduction = "none")',
    sizes,
    {**feeds, "steps": torch.tensor([7, 2, 6, 3])},
    lambda **given: ctc(reduction="none", **given),
    gradients=False,
    title="ctc_loss that is infinite",
)
cases.add("ctc_loss(log_softmax(x, -1), ids, steps, count)", sizes, {**feeds, "x": logits * 300}, ctc, title="ctc_loss of logits up to 1000")
cases.add("ctc_loss(log_softmax(x, -1), ids, steps, count)", sizes, {"x": draw(1, 1, 5), "ids": torch.tensor([[3]]), "steps": torch.tensor([1]), "count": torch.tensor([1])}, ctc, title="ctc_loss of one step")
# The label of the first sequence is impossible at every step, and the first step of the second one is certain.
certain = logits.log_softmax(-1)
certain[:, 0, 3] = -inf
certain[0, 1, :] = torch.tensor([-inf, -inf, -inf, 0, -inf])
cases.add(
    'ctc_loss(x, ids, steps, count, reduction = "none")',
    sizes,
    {**feeds, "x": certain, "ids": torch.tensor([[3, 3, 3], [3, 4, 3], [2, 0, 0], [4, 4, 1]])},
    lambda x, ids, steps, count: F.ctc_loss(x, ids, steps, count, reduction="none"),
    gradients=False,
    title="ctc_loss of probabilities of 0",
)

elsewhere = draw(12, 1, 4).log_softmax(-1)
elsewhere[:11] = torch.tensor([-inf, -inf, 0, -inf])
cases.add(
    "ctc_loss(x, ids, steps, count)",
    {**sizes, "x": "T, N, 4"},
    {"x": elsewhere, "ids": torch.tensor([[3, 1, 3, 1, 3, 1]]), "steps": torch.tensor([12]), "count": torch.tensor([6])},
    lambda x, ids, steps, count: F.ctc_loss(x, ids, steps, count),
    gradients=False,
    title="ctc_loss where a class that is no target is certain for many steps",
)

# ---------------------------------------------------------------- vectors

sizes = {"a": "N, 6", "p": "N, 6", "n": "N, 6"}
anchor, near, other = draw(4, 6, scale=0.7), draw(4, 6, scale=0.7), draw(4, 6, scale=0.7)
near[1] = anchor[1]
for call, options in {
    "triplet_loss(a, p, n)": {},
    'triplet_loss(a, p, n, margin = 2.5, swap = true, reduction = "none")': {"margin": 2.5, "swap": True, "reduction": "none"},
    'triplet_loss(a, p, n, p = 1, eps = 1e-3, reduction = "sum")': {"p": 1, "eps": 1e-3, "reduction": "sum"},
}.items():
    cases.add(call, sizes, {"a": anchor, "p": near, "n": other}, lambda a, p, n: F.triplet_margin_loss(a, p, n, **options))

sizes = {"a": "N, 6", "b": "N, 6", "t": "N"}
target = torch.tensor([1, -1, 1, -1]).double()
for r in reductions:
    cases.add(
        f'cosine_embedding_loss(a, b, t, margin = 0.3, reduction = "{r}")',
        sizes,
        {"a": anchor, "b": near, "t": target},
        lambda a, b, t: F.cosine_embedding_loss(a, b, t, 0.3, reduction=r),
    )
zeroed = near.clone()
zeroed[2] = 0


def cosine_embedding(a, b, t, eps):
    cosine = (a * b).sum(1) / (((a * a).sum(1) + eps) * ((b * b).sum(1) + eps)).sqrt()
    return torch.where(t == 1, 1 - cosine, cosine.clamp(min=0))


# The 1e-12 of PyTorch is an f32, also in float64: where a vector is zero, this shows.
theirs, ours = zeroed.clone().requires_grad_(), zeroed.clone().requires_grad_()
F.cosine_embedding_loss(anchor, theirs, target, reduction="sum").backward()
cosine_embedding(anchor, ours, target, torch.tensor(1e-12).double()).sum().backward()
assert torch.allclose(theirs.grad, ours.grad, rtol=1e-13, atol=0)
cases.add('cosine_embedding_loss(a, b, t, reduction = "none")', sizes, {"a": anchor, "b": zeroed, "t": target}, lambda a, b, t: cosine_embedding(a, b, t, 1e-12), title="cosine_embedding_loss of a vector of zeros")

sizes = {"q": "N, 6", "k": "N, 6", "n": "M, 6"}


def info_nce(q, k, n=None, temperature=0.1, reduction="mean"):
    """As in "Representation Learning with Contrastive Predictive Coding", with cosines."""
    q, k = F.normalize(q, dim=-1), F.normalize(k, dim=-1)
    if n is None:
        return F.cross_entropy(q @ k.T / temperature, torch.arange(len(q)), reduction=reduction)
    scores = torch.cat([(q * k).sum(-1, keepdim=True), q @ F.normalize(n, dim=-1).T], 1)
    return F.cross_entropy(scores / temperature, torch.zeros(len(q), dtype=torch.long), reduction=reduction)


cases.add("info_nce(q, k)", sizes, {"q": anchor, "k": near}, info_nce)
cases.add('info_nce(q, k, n, temperature = 0.5, reduction = "none")', sizes, {"q": anchor, "k": near, "n": draw(3, 6)}, lambda q, k, n: info_nce(q, k, n, 0.5, "none"))
cases.add('info_nce(q, k, n, reduction = "sum")', sizes, {"q": anchor, "k": zeroed, "n": draw(3, 6)}, lambda q, k, n: info_nce(q, k, n, reduction="sum"), title="info_nce of a vector of zeros")

# ---------------------------------------------------------------- overlaps and rare positives

sizes = {"x": "N, C, H, W", "t": "N, C, H, W"}
maps, truth = share(2, 3, 2, 2), (torch.rand(2, 3, 2, 2) > 0.5).double()
truth[1, 2] = 0


def dice(x, t, smooth=1e-5, reduction="mean"):
    """The formula of monai.losses.DiceLoss, whose smooth_nr and smooth_dr are one number here."""
    axes = (2, 3)
    return reduced(1 - (2 * (x * t).sum(axes) + smooth) / (x.sum(axes) + t.sum(axes) + smooth), reduction)


cases.add("dice_loss(x, t)", sizes, {"x": maps, "t": truth}, dice)
for r in ("sum", "none"):
    cases.add(f'dice_loss(x, t, smooth = 1, reduction = "{r}")', sizes, {"x": maps, "t": truth}, lambda x, t: dice(x, t, 1, r))

sizes = {"x": "N, 4", "t": "N, 4"}
hard = (torch.rand(3, 4) > 0.6).double()
for r in reductions:
    cases.add(f'focal_loss(x, t, reduction = "{r}")', sizes, {"x": a, "t": hard}, lambda x, t: focal(x, t, reduction=r))
cases.add("focal_loss(x, t, alpha = -1, gamma = 0.5)", sizes, {"x": a, "t": q}, lambda x, t: focal(x, t, -1, 0.5, "mean"))
cases.add("focal_loss(x, t, alpha = 0.9, gamma = 0)", sizes, {"x": a, "t": q}, lambda x, t: focal(x, t, 0.9, 0, "mean"))

cases.write("losses.json")
