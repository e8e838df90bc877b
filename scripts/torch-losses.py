"""Prints test/ops/torch-losses.golden.json: losses of PyTorch in float64, that archc's are compared with.

    python scripts/torch-losses.py > test/ops/torch-losses.golden.json
"""

import json

import torch
import torch.nn.functional as F

torch.manual_seed(0)
cases = []


def draw(*shape):
    return (torch.randn(*shape) * 1.5).round(decimals=2).double()


def case(op, inputs, attrs, y):
    def tensor(v):
        dtype = "i64" if v.dtype == torch.int64 else "f64"
        return {"dtype": dtype, "shape": list(v.shape), "values": [float(q) for q in v.flatten()]}

    stored = [None if v is None else tensor(v) for v in inputs]
    cases.append({"op": op, "inputs": stored, "attrs": attrs, "y": [round(float(q), 12) for q in y.flatten()]})


x, labels, weight = draw(4, 5), torch.tensor([1, 4, -100, 0]), torch.tensor([0.5, 1, 2, 0.25, 1.5]).double()
for r in ("mean", "sum", "none"):
    smooth = F.cross_entropy(x, labels, weight=weight, reduction=r, label_smoothing=0.1)
    case("cross_entropy", [x, labels, weight], {"reduction": r, "label_smoothing": 0.1}, smooth)
    case("cross_entropy", [x, labels, None], {"reduction": r}, F.cross_entropy(x, labels, reduction=r))
    log_p = x.log_softmax(-1)
    case("nll_loss", [log_p, labels, weight], {"reduction": r}, F.nll_loss(log_p, labels, weight=weight, reduction=r))

x3, labels3 = draw(2, 3, 4), torch.tensor([[0, 2, 1, 1], [2, 2, 0, 1]])
ignoring = F.cross_entropy(x3, labels3, ignore_index=2, label_smoothing=0.2)
case("cross_entropy", [x3, labels3, None], {"axis": 1, "ignore_index": 2, "label_smoothing": 0.2}, ignoring)
case("cross_entropy", [x3.transpose(1, 2), labels3, None], {"ignore_index": 0}, F.cross_entropy(x3, labels3, ignore_index=0))

a, b = draw(3, 4), draw(3, 4)
p, pos_weight = b.sigmoid().round(decimals=3), torch.tensor([0.5, 1, 2, 3]).double()
for r in ("mean", "sum", "none"):
    case("mse_loss", [a, b], {"reduction": r}, F.mse_loss(a, b, reduction=r))
    case("l1_loss", [a, b], {"reduction": r}, F.l1_loss(a, b, reduction=r))
    case("huber_loss", [a, b], {"reduction": r, "delta": 1.25}, F.huber_loss(a, b, reduction=r, delta=1.25))
    case("smooth_l1_loss", [a, b], {"reduction": r, "beta": 0.5}, F.smooth_l1_loss(a, b, reduction=r, beta=0.5))
    case("bce_with_logits", [a, p, None], {"reduction": r}, F.binary_cross_entropy_with_logits(a, p, reduction=r))
    weighted = F.binary_cross_entropy_with_logits(a, p, pos_weight=pos_weight, reduction=r)
    case("bce_with_logits", [a, p, None, pos_weight], {"reduction": r}, weighted)

# Probabilities of 0 and 1 reach the lower limit of the logarithm.
q, target = torch.tensor([0.0, 1.0, 0.25, 0.9]).double(), torch.tensor([0.0, 0.5, 1.0, 0.1]).double()
case("bce_loss", [q, target], {"reduction": "none"}, F.binary_cross_entropy(q, target, reduction="none"))

log_p, other = a.log_softmax(-1), b.softmax(-1)
other[0, 0] = 0
for r in ("mean", "batchmean", "sum", "none"):
    case("kl_div", [log_p, other], {"reduction": r}, F.kl_div(log_p, other, reduction=r))
    log_other = b.log_softmax(-1)
    case("kl_div", [log_p, log_other], {"reduction": r, "log_target": True}, F.kl_div(log_p, log_other, reduction=r, log_target=True))

zero = a.clone()
zero[1] = 0
case("cosine_similarity", [zero, b], {"axis": 1}, F.cosine_similarity(zero, b, dim=1))
case("cosine_similarity", [a, b], {"axis": 0}, F.cosine_similarity(a, b, dim=0))

print("[\n" + ",\n".join("  " + json.dumps(one) for one in cases) + "\n]")
