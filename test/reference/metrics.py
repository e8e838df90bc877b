"""Writes test/reference/metrics.json: metrics of torchmetrics and scikit-learn.

    python test/reference/metrics.py      # needs torch 2.13, torchmetrics 1.9 and scikit-learn 1.9
"""

import numpy as np
import torch
import torchmetrics.functional as M
from sklearn import metrics as sk
from torchmetrics.functional.classification import multiclass_accuracy
from torchmetrics.functional.text import perplexity

from cases import Cases

torch.manual_seed(0)
cases = Cases()


def draw(*shape):
    return (torch.randn(*shape, dtype=torch.float64) * 1.5).round(decimals=2)


# Class 4 is neither predicted nor occurs, class 3 occurs and is not predicted, class 2 is predicted and does not occur.
labels = torch.tensor([0, 1, 1, 0, 3, 1, 0, 3, 0, 1])
predicted = torch.tensor([0, 1, 0, 0, 2, 1, 2, 1, 0, 0])
x = draw(10, 5) + 6 * torch.nn.functional.one_hot(predicted, 5)
assert torch.equal(x.argmax(1), predicted)
ignoring = labels.clone()
ignoring[[2, 7]] = -100
sizes = {"x": "N, C", "labels": "N"}
options = {"task": "multiclass", "num_classes": 5}
scikit = {"precision": sk.precision_score, "recall": sk.recall_score, "f1": sk.f1_score}

for name, function in {"precision": M.precision, "recall": M.recall, "f1": M.f1_score}.items():
    for average in ("micro", "macro", "weighted", "none"):
        call = f'{name}(x, labels, average = "{average}")'
        cases.add(call, sizes, {"x": x, "labels": labels}, lambda x, labels: function(x, labels, average=average, **options), gradients=False)
        # scikit-learn averages over the classes that are predicted or occur, and gives all of them here.
        known = None if average != "none" else list(range(5))
        theirs = scikit[name](labels, predicted, average=None if average == "none" else average, labels=known, zero_division=0)
        assert np.allclose(theirs, cases.cases[-1]["y"]["data"], rtol=1e-6), call
    cases.add(
        f'{name}(x, labels, average = "macro")',
        sizes,
        {"x": x, "labels": ignoring},
        lambda x, labels: function(x, labels, average="macro", ignore_index=-100, **options),
        gradients=False,
        title=f"{name} with ignored labels",
    )
    cases.add(f"{name}(x, labels)", sizes, {"x": x, "labels": labels}, lambda x, labels: function(x, labels, **options), gradients=False)
    cases.add(
        f'{name}(x, labels, average = "none", ignore_index = 1)',
        sizes,
        {"x": x, "labels": labels},
        lambda x, labels: function(x, labels, average="none", ignore_index=1, **options),
        gradients=False,
    )

x3, labels3 = draw(2, 3, 4), torch.tensor([[0, 3, 1], [-100, 2, 3]])
flat = (x3.reshape(-1, 4), labels3.reshape(-1))
many = {"x": "N, T, 4", "labels": "N, T"}
options = {"task": "multiclass", "num_classes": 4, "ignore_index": -100}
given = {"x": x3, "labels": labels3}
for k in (1, 2, 4):
    cases.add(
        f"top_k_accuracy(x, labels, {k})",
        many,
        given,
        lambda **_: multiclass_accuracy(*flat, num_classes=4, top_k=k, average="micro", ignore_index=-100),
        gradients=False,
    )
cases.add("accuracy(x, labels)", many, given, lambda **_: M.accuracy(*flat, **options), gradients=False)
cases.add("perplexity(x, labels)", many, given, lambda x, labels: perplexity(x, labels, ignore_index=-100), gradients=False)
cases.add("confusion_matrix(x, labels)", many, given, lambda **_: M.confusion_matrix(*flat, **options), gradients=False)
cases.add('f1(x, labels, average = "macro")', many, given, lambda **_: M.f1_score(*flat, average="macro", **options), gradients=False)

a, b = draw(6, 3), draw(6, 3)
pair = {"x": "N, 3", "t": "N, 3"}
cases.add("mae(x, t)", pair, {"x": a, "t": b}, lambda x, t: M.mean_absolute_error(x, t), gradients=False)
cases.add("rmse(x, t)", pair, {"x": a, "t": b}, lambda x, t: M.mean_squared_error(x, t, squared=False), gradients=False)
cases.add("r2(x, t)", pair, {"x": a, "t": b}, lambda x, t: M.r2_score(x, t), gradients=False)
cases.add("r2(x, t)", {"x": "N", "t": "N"}, {"x": a[:, 0], "t": b[:, 0]}, lambda x, t: M.r2_score(x, t), gradients=False)
constant, exact = b.clone(), a.clone()
constant[:, 1:] = 2
exact[:, 1] = 2
cases.add(
    "r2(x, t)",
    pair,
    {"x": exact, "t": constant},
    lambda x, t: torch.tensor(sk.r2_score(t, x), dtype=torch.float64),
    gradients=False,
    title="r2 where the targets are all the same",
)
cases.write("metrics.json")
