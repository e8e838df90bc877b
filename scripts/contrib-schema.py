"""Writes src/ops/contrib-schema.generated.ts: the inputs, outputs and attributes of the operators that ONNX Runtime has beyond the standard, from its Python binding.

    python scripts/contrib-schema.py > src/ops/contrib-schema.generated.ts

Only operators that archc may write are included. They have one version.
"""

import onnx
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as binding

from schema_text import attribute, dtypes_of, typescript

OPERATORS = {
    "com.microsoft": [
        "Attention", "BiasGelu", "DynamicQuantizeMatMul", "FastGelu", "FusedConv", "FusedMatMul", "GatherBlockQuantized", "Gelu", "GroupNorm", "GroupQueryAttention",
        "MatMulIntegerToFloat", "MatMulNBits", "MultiHeadAttention", "QuickGelu", "RotaryEmbedding", "SkipGroupNorm", "SkipLayerNormalization",
        "SkipSimplifiedLayerNormalization",
    ],
    # ONNX Runtime registers it among the standard operators, although it is not one.
    "": ["SimplifiedLayerNormalization"],
}
MODES = {"Optional": "optional", "Variadic": "variadic"}


def parameter(formal):
    mode = MODES.get(formal.option.name)
    return [formal.name, type_name(formal.typeStr)] + ([mode] if mode else [])


def type_name(text):
    """A type variable; `tensor(int64)` written out gets a short name."""
    return text if text.isidentifier() else "_" + "".join(ch for ch in text if ch.isalnum())


def default_of(attr):
    proto = onnx.AttributeProto()
    proto.ParseFromString(attr._default_value)
    return proto


def entry_of(schema):
    types = {c.type_param_str: dtypes_of(c.allowed_type_strs) for c in schema.type_constraints}
    for formal in [*schema.inputs, *schema.outputs]:
        types.setdefault(type_name(formal.typeStr), dtypes_of([formal.typeStr]))
    return {
        "since": schema.since_version,
        "inputs": [parameter(p) for p in schema.inputs],
        "outputs": [parameter(p) for p in schema.outputs],
        "types": types,
        "attrs": {name: attribute(a.type.name, a.required, default_of(a)) for name, a in sorted(schema.attributes.items())},
    }


def main():
    schemas = {(s.domain, s.name): s for s in binding.get_all_operator_schema()}
    print(f"// Written by scripts/contrib-schema.py from ONNX Runtime {onnxruntime.__version__}; do not edit.")
    print("import type { OnnxSchema } from './onnx-schema.js';")
    print("\n/** The operators of ONNX Runtime beyond the standard, by domain and name. */")
    print("export const contribSchemas: Readonly<Record<string, Readonly<Record<string, OnnxSchema>>>> = {")
    for domain, names in OPERATORS.items():
        print(f"  {typescript(domain)}: {{")
        for name in names:
            print(f"    {name}: {typescript(entry_of(schemas[domain, name]))},")
        print("  },")
    print("};")


main()
