// Written by scripts/probe-capabilities.mjs; do not edit.
/** The version of ONNX Runtime whose kernels were probed. */
export const probedVersion = '1.30.0';
