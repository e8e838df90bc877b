"""What the scripts of this folder share. Each writes files of reference data into data/; the tests read them and never need Python."""

import math
import os

import torch
from safetensors.torch import load_file, save_file

here = os.path.dirname(os.path.abspath(__file__))
fixtures = os.path.join(here, "..", "fixtures")


def sampled(tensor, limit):
    """At most `limit` elements: every k-th one, where k is the smallest number that suffices and has no factor in common with the number of
    elements, so that all rows and columns occur."""
    count = tensor.numel()
    stride = max(1, -(-count // limit))
    while math.gcd(stride, count) != 1:
        stride += 1
    flat = tensor.detach().flatten()
    return flat[::stride].contiguous()


def plain(tensor):
    """As it is stored: floats in f32."""
    tensor = tensor.detach().clone().contiguous()
    return tensor.float() if tensor.is_floating_point() else tensor


def write(name, tensors):
    path = os.path.join(here, "data", f"{name}.safetensors")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    save_file({key: plain(value) for key, value in tensors.items()}, path)
    print(name, os.path.getsize(path) // 1024, "KiB")


def fixture(name, file):
    return load_file(os.path.join(fixtures, name, f"{file}.safetensors"))


def data(name):
    return load_file(os.path.join(here, "data", f"{name}.safetensors"))


def named(prefix, tensors):
    return {f"{prefix}.{key}": value for key, value in tensors.items()}
