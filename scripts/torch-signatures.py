"""Writes test/pytorch/signatures.json: how PyTorch takes the arguments of the functions and layers whose names archc has.

    python scripts/torch-signatures.py [FOLDER]

Needs torch. FOLDER holds the sources of torchvision and timm (`pip install --no-deps --target FOLDER torchvision timm`), which are read and not run.
"""

import ast
import inspect
import json
import re
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

root = Path(__file__).resolve().parent.parent
headings = lambda page: re.findall(r"^### (\w+)$", (root / "docs" / page).read_text(), re.M)


def default_of(value):
    """A default as JSON; values that JSON does not have become text."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [default_of(v) for v in value]
    return getattr(value, "__name__", str(value))


def parameter(name, annotation, default, keyword):
    entry = {"name": name}
    if name == "input" or ("Tensor" in annotation and "Callable" not in annotation):
        entry["tensor"] = True
    if keyword:
        entry["keyword"] = True
    if default is not inspect.Parameter.empty:
        entry["default"] = default_of(default)
    return entry


def of_python(function):
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        return None
    return [parameter(p.name, str(p.annotation), p.default, p.kind == p.KEYWORD_ONLY) for p in parameters if p.name != "self"]


def of_schemas(name):
    """The overloads of a built-in function, without those for named axes and given outputs."""
    found = []
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}"):
        arguments = schema.arguments
        if any(a.is_out for a in arguments) or "Dimname" in str(schema) or "..." in str(schema) or schema.overload_name == "str":
            continue
        # Functions on numbers and lists, which only TorchScript has.
        if {a.name for a in arguments} & {"a", "l"}:
            continue
        rows = []
        for a in arguments:
            default = a.default_value if a.has_default_value() else inspect.Parameter.empty
            rows.append(parameter("input" if a.name == "self" else a.name, str(a.type), default, a.kwarg_only))
        if rows not in found:
            found.append(rows)
    return found


def functions():
    table = {}
    for name in headings("operators.md") + ["glu"]:
        overloads = []
        for place, module in (("torch.nn.functional", F), ("torch", torch)):
            function = getattr(module, name, None)
            if function is None:
                continue
            # `max_pool2d` and similar functions choose between two functions; this is the one that returns only the values.
            single = of_python(function) or of_python(getattr(module, f"_{name}", None))
            for parameters in [single] if single else of_schemas(name):
                if not any(parameters == o["parameters"] for o in overloads):
                    overloads.append({"from": place, "parameters": parameters})
        if overloads:
            table[name] = overloads
    return table


def of_source(path, name):
    """The parameters of a class that is read and not imported."""
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.ClassDef) or node.name != name:
            continue
        init = next(n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
        arguments = init.args.args[1:]
        defaults = [inspect.Parameter.empty] * (len(arguments) - len(init.args.defaults)) + init.args.defaults
        rows = []
        for argument, default in zip(arguments, defaults):
            if default is not inspect.Parameter.empty:
                try:
                    default = ast.literal_eval(default)
                except ValueError:
                    default = ast.unparse(default)
            rows.append(parameter(argument.arg, "", default, False))
        return rows
    return None


def layers(folder):
    elsewhere = [] if folder is None else [
        ("torchvision.ops", folder / "torchvision/ops/misc.py"),
        ("timm.layers", folder / "timm/layers/patch_embed.py"),
        ("timm.layers", folder / "timm/layers/mlp.py"),
    ]
    recurrent = ["input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional"]
    table = {}
    for name in headings("stdlib.md"):
        if name in ("LSTM", "GRU", "RNN"):
            # These take `*args`; their documentation lists what the common base takes.
            base = {p["name"]: p for p in of_python(torch.nn.RNNBase.__init__)}
            names = recurrent[:3] + (["nonlinearity"] if name == "RNN" else []) + recurrent[3:]
            rows = [base.get(n, {"name": n, "default": "tanh"}) for n in names]
            table[name] = {"from": "torch.nn", "parameters": rows}
        elif hasattr(torch.nn, name):
            table[name] = {"from": "torch.nn", "parameters": of_python(getattr(torch.nn, name).__init__)}
        else:
            for place, path in elsewhere:
                rows = of_source(path, name)
                if rows is not None:
                    table[name] = {"from": place, "parameters": rows}
    return table


folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
table = {"torch": torch.__version__.split("+")[0], "functions": functions(), "layers": layers(folder)}


def written(value, depth=0):
    """JSON with one overload a line, so that changes can be read."""
    if depth == 3 or not isinstance(value, (dict, list)) or "parameters" in value:
        return json.dumps(value)
    pad = "  " * (depth + 1)
    if isinstance(value, dict):
        rows = [f"{pad}{json.dumps(k)}: {written(v, depth + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + "  " * depth + "}"
    return "[\n" + ",\n".join(pad + written(v, depth + 1) for v in value) + "\n" + "  " * depth + "]"


(root / "test/pytorch/signatures.json").write_text(written(table) + "\n")
print(len(table["functions"]), "functions,", len(table["layers"]), "layers")
