"""What the scripts that write schemas of ONNX operators as TypeScript have in common."""

import json

from onnx import helper

DTYPES = {
    "float16": "f16", "bfloat16": "bf16", "float": "f32", "double": "f64", "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64",
    "uint8": "u8", "uint16": "u16", "uint32": "u32", "uint64": "u64", "bool": "bool", "string": "string", "uint4": "u4", "int4": "i4",
}
ORDER = list(DTYPES.values())


def dtypes_of(type_strings):
    """archc's names for `tensor(float)` and so on; sequences, optionals and narrow types have none."""
    names = {DTYPES.get(t.removeprefix("tensor(").removesuffix(")")) for t in type_strings if t.startswith("tensor(")}
    return tuple(d for d in ORDER if d in names)


def attribute(type_name, required, default):
    """An attribute of a schema; `default` is an `AttributeProto`, without a name if there is no default."""
    entry = {"type": type_name.lower()}
    if required:
        entry["required"] = True
    if default.name:
        value = helper.get_attribute_value(default)
        if isinstance(value, bytes):
            value = value.decode()
        elif isinstance(value, list):
            value = [v.decode() if isinstance(v, bytes) else v for v in value]
        elif isinstance(value, float):
            value = float(f"{value:.7g}")
        if isinstance(value, (int, float, str, list)):
            entry["default"] = value
    return entry


def typescript(value):
    """JSON with unquoted keys and single quotes."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k}: {typescript(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(typescript(v) for v in value) + "]"
    if isinstance(value, str):
        return "'" + json.dumps(value)[1:-1].replace("'", "\\'") + "'"
    return json.dumps(value)
