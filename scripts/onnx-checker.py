"""Checks what archc writes with `onnx.checker`, with full checks: every example and the samples of every operator, for each target, opset and element type.

    npm ci
    python -m pip install onnx
    python scripts/onnx-checker.py

Prints what is refused by archc and what is invalid, and how many there are of each; fails if anything is invalid. A second opinion on
test/ops/onnx-conformance.test.ts, which checks each node against the same schemas without Python.
"""

import collections
import os
import subprocess
import sys
import tempfile

import onnx

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def models():
    """Name and bytes of each model; no bytes where archc refuses to build it."""
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "models.mjs")
        esbuild = ["npx", "esbuild", "test/kit/checked-models.ts", "--bundle", "--platform=node", "--format=esm", f"--outfile={script}", "--log-level=error"]
        subprocess.run(esbuild, cwd=ROOT, check=True)
        with subprocess.Popen(["node", script], cwd=ROOT, stdout=subprocess.PIPE) as writer:
            while (name := chunk(writer.stdout)) is not None:
                yield name.decode(), chunk(writer.stdout)
        if writer.returncode != 0:
            sys.exit("the models could not be made")


def chunk(stream):
    head = stream.read(4)
    return stream.read(int.from_bytes(head, "little")) if head else None


def main():
    refused, invalid, valid = collections.Counter(), 0, 0  # a bug in archc counts as invalid
    for name, model in models():
        if not model:
            what, _, _, _, reason = name.split(maxsplit=4)
            refused[f"{what}: {reason}"] += 1
            invalid += "Error" in reason
            continue
        try:
            onnx.checker.check_model(model, full_check=True)
            valid += 1
        except Exception as problem:  # the checker throws several kinds
            invalid += 1
            print(f"{name}: {str(problem).strip()[:300]}")
    for what, count in sorted(refused.items()):
        print(f"refused by archc, {count} times: {what}")
    print(f"{valid} models are valid, {invalid} are not (onnx {onnx.__version__})")
    sys.exit(1 if invalid else 0)


main()
