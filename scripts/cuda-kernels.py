"""Writes src/ops/capabilities/cuda-kernels.generated.ts: the kernels of the CUDA provider according to the documentation of ONNX Runtime, in scripts/cuda-kernels.txt.

    python scripts/cuda-kernels.py > src/ops/capabilities/cuda-kernels.generated.ts

A kernel for the versions `14+` is one for operators of version 14: a later version of the operator, which came with some opset, has no kernel then, as for the other
providers. One for `11-21` is for all versions of the operator from 11 to 21. Kernels of which archc writes no opset end before the first one.
"""

import re
from pathlib import Path

from onnx import defs

from schema_text import ORDER, typescript

FIRST, LAST = 21, 26


def spans(name, start, end):
    """The ranges of opsets between FIRST and LAST in which the operator's version is from `start` to `end`."""
    if name.startswith("com.microsoft.") or not defs.has(name):
        return [(FIRST, LAST)]
    found = []
    for opset in range(FIRST, LAST + 1):
        if not any(s.since_version <= opset for s in defs.get_all_schemas_with_history() if s.name == name and s.domain == ""):
            continue
        version = defs.get_schema(name, opset, "").since_version
        if version == start if end is None else start <= version <= end:
            if found and found[-1][1] == opset - 1:
                found[-1] = (found[-1][0], opset)
            else:
                found.append((opset, opset))
    return found


def types_of(text, sets):
    names = {dtype for item in text.split(",") for dtype in sets.get(item, [item])}
    return [dtype for dtype in ORDER if dtype in names]


def rows():
    sets, found = {}, {}
    for line in (Path(__file__).parent / "cuda-kernels.txt").read_text().splitlines():
        if definition := re.match(r"(\w+) = (.*)", line):
            sets[definition[1]] = definition[2].split()
        elif line and not line.startswith("#"):
            name, versions, *types = line.split()
            start, _, end = versions.partition("-")
            end = None if start.endswith("+") else int(end)
            variables = {variable: types_of(text, sets) for variable, text in (item.split("=") for item in types)}
            for since, until in spans(name, int(start.rstrip("+")), end) or [(FIRST, FIRST - 1)]:
                bounds = ({"since": since} if since > FIRST else {}) | ({"until": until} if until < LAST else {})
                found.setdefault(name, []).append({**bounds, "types": variables})
    return found


def main():
    print("// Written by scripts/cuda-kernels.py from scripts/cuda-kernels.txt; do not edit.")
    print("import type { DocumentedKernel } from './documented.js';")
    print("\n/** The kernels of the CUDA provider of ONNX Runtime, by operator. From its documentation: not run. */")
    print("export const cudaKernels: Readonly<Record<string, readonly DocumentedKernel[]>> = {")
    for name, kernels in sorted(rows().items()):
        key = name if name.isidentifier() else f"'{name}'"
        print(f"  {key}: {typescript(sorted(kernels, key=lambda one: one.get('since', FIRST)))},")
    print("};")


main()
