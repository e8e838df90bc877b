"""Writes src/ops/onnx-schema.generated.ts: what the standard ONNX operators take and give, from the `onnx` package.

    python scripts/onnx-schema.py > src/ops/onnx-schema.generated.ts

Every operator of the default domain is there in the version of opset FIRST and in each later one up to LAST that says something else about the element types that
archc has. An operator that came after LAST is there in its first version, so that it can be named.
"""

import onnx
from onnx import defs

from schema_text import attribute, dtypes_of, typescript

FIRST, LAST = 21, 26
MODES = {defs.OpSchema.FormalParameterOption.Optional: "optional", defs.OpSchema.FormalParameterOption.Variadic: "variadic"}


def chosen_versions():
    """The schemas of each operator, oldest first; operators that FIRST had deprecated are left out."""
    versions = {}
    for schema in defs.get_all_schemas_with_history():
        if schema.domain == "":
            versions.setdefault(schema.name, []).append(schema)
    for name in sorted(versions):
        history = sorted(versions[name], key=lambda s: s.since_version)
        old = [s for s in history if s.since_version <= FIRST][-1:]
        new = [s for s in history if FIRST < s.since_version <= LAST]
        chosen = old + new or history[:1]
        if not chosen[0].deprecated:
            yield name, chosen


def parameter(formal):
    mode = MODES.get(formal.option)
    return [formal.name, formal.type_str] + ([mode] if mode else [])


def entry_of(schema, sets):
    variables = {c.type_param_str: dtypes_of(c.allowed_type_strs) for c in schema.type_constraints}
    for formal in [*schema.inputs, *schema.outputs]:
        if formal.type_str not in variables:
            variables[formal.type_str] = dtypes_of([formal.type_str])
    # `tensor(int64)` written out, or a variable; both get a short name.
    short = {name: name if name.isidentifier() else "_" + "".join(ch for ch in name if ch.isalnum()) for name in variables}
    rename = lambda p: [p[0], short[p[1]], *p[2:]]
    entry = {
        "inputs": [rename(parameter(p)) for p in schema.inputs],
        "outputs": [rename(parameter(p)) for p in schema.outputs],
        "types": {short[name]: sets.setdefault(dtypes, len(sets)) for name, dtypes in variables.items()},
        "attrs": {name: attribute(a.type.name, a.required, a.default_value) for name, a in sorted(schema.attributes.items())},
    }
    if schema.deprecated:
        entry["deprecated"] = True
    return entry


def versions_of(schemas, sets):
    """The first version whole, of each later one what it changes."""
    first, *later = schemas
    known = entry_of(first, sets)
    versions = [{"since": first.since_version, **known}]
    for schema in later:
        entry = entry_of(schema, sets)
        changed = {key: value for key, value in entry.items() if known.get(key) != value}
        if changed:
            versions.append({"since": schema.since_version, **changed})
        known = entry
    return versions


def main():
    sets = {}
    lines = [f"  {name}: {typescript(versions_of(schemas, sets))}," for name, schemas in chosen_versions()]
    print(f"// Written by scripts/onnx-schema.py from onnx {onnx.__version__}; do not edit.")
    print("import type { OnnxSchemaVersions } from './onnx-schema.js';")
    print("import type { DType } from './types.js';")
    print("\n/** The sets of element types that `types` of a schema points into. */")
    print("export const onnxTypeSets: readonly (readonly DType[])[] = [")
    for dtypes in sets:
        print(f"  {typescript(list(dtypes))},")
    print("];\n\n/** The standard operators by name. */")
    print("export const onnxSchemas: Readonly<Record<string, OnnxSchemaVersions>> = {")
    print("\n".join(lines))
    print("};")


main()
