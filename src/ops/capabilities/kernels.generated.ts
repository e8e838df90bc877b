// Written by scripts/probe-capabilities.mjs with ONNX Runtime 1.30.0; do not edit.
import type { KernelTable } from './kernel-table.js';

/** The version of ONNX Runtime whose kernels these are. */
export const probedVersion = '1.30.0';

/** What ONNX Runtime does with the operators that archc writes. */
export const kernels: KernelTable = {
  Abs: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i32'], ['i64']] }],
  Acos: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Add: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  And: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [[]] }, { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['repeated']] }],
  ArgMax: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', 'keepdims=0'], ['i32', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', 'keepdims=0'], ['i64', 'keepdims=0']] },
  ],
  ArgMin: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', 'keepdims=0'], ['i32', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', 'keepdims=0'], ['i64', 'keepdims=0']] },
  ],
  Asin: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Atan: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Attention: [
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f16', 'f16'], ['f16', 'f16', 'f16', '+attn_mask'], ['f16', 'f16', 'is_causal=1'], ['f32', 'f32'], ['f32', 'f32', 'f32', '+attn_mask'], ['f32', 'f32', 'is_causal=1'], ['f64', 'f64'], ['f64', 'f64', 'f64', '+attn_mask'], ['f64', 'f64', 'is_causal=1'],
    ] },
  ],
  AveragePool: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'count_include_pad=1', 'rank=3'], ['f32', 'count_include_pad=1', 'rank=4'], ['f32', 'count_include_pad=1', 'rank=5'], ['f32', 'rank=4']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'count_include_pad=1', 'rank=3'], ['f16', 'count_include_pad=1', 'rank=4'], ['f16', 'count_include_pad=1', 'rank=5'], ['f16', 'rank=4']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64', 'count_include_pad=1', 'rank=3'], ['f64', 'count_include_pad=1', 'rank=4'], ['f64', 'count_include_pad=1', 'rank=5'], ['f64', 'rank=4']] },
    { since: 25, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f16', 'count_include_pad=1', 'rank=3'], ['f16', 'count_include_pad=1', 'rank=4'], ['f16', 'count_include_pad=1', 'rank=5'], ['f16', 'rank=4'], ['f32', 'count_include_pad=1', 'rank=3'], ['f32', 'count_include_pad=1', 'rank=4'],
      ['f32', 'count_include_pad=1', 'rank=5'], ['f32', 'rank=4'],
    ] },
  ],
  BatchNormalization: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'f32', 'f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'f16', 'f16']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'f64', 'f64']] },
    { since: 25, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', 'f16', 'f16'], ['f32', 'f32', 'f32']] },
  ],
  Cast: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['bool', 'f32'], ['bool', 'i32'], ['bool', 'i64'], ['f32', 'bool'], ['f32', 'i64'], ['i32', 'bool'], ['i32', 'f32'], ['i32', 'i64'], ['u32', 'i64'], ['u8', 'i64']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['bool', 'f16'], ['f16', 'bool'], ['f16', 'f32'], ['f16', 'i64'], ['f32', 'f16']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['bool', 'f64'], ['bool', 'i8'], ['f16', 'f64'], ['f32', 'f64'], ['f64', 'bool'], ['f64', 'f16'], ['f64', 'f32'], ['f64', 'i64'], ['i16', 'i64'], ['i32', 'i8'], ['i64', 'f32'], ['i64', 'i16'], ['i64', 'i32'], ['i64', 'i8'], ['i64', 'u16'],
      ['i64', 'u32'], ['i64', 'u8'], ['i8', 'bool'], ['i8', 'i32'], ['i8', 'i64'], ['u16', 'i64'],
    ] },
  ],
  Ceil: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  Celu: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [[]] }],
  Clip: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', '+min', '+max'], ['i32', '+max']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', '+min', '+max']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', '+min', '+max'], ['i64', '+max'], ['i64', '+min'], ['i64', '+min', '+max']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', '+min', '+max', 'nan']] },
  ],
  Concat: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  Conv: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+B', 'rank=3'], ['f32', '+B', 'rank=4'], ['f32', '+B', 'rank=4', 'groups'], ['f32', '+B', 'rank=5'], ['f32', '+B', 'rank=5', 'thirds'], ['f32', 'rank=3'], ['f32', 'rank=3', 'groups'], ['f32', 'rank=4'], ['f32', 'rank=4', 'groups'],
      ['f32', 'rank=5'], ['f32', 'rank=5', 'thirds'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+B', 'rank=3'], ['f16', '+B', 'rank=3', 'thirds'], ['f16', '+B', 'rank=4'], ['f16', '+B', 'rank=4', 'groups'], ['f16', '+B', 'rank=4', 'thirds'], ['f16', '+B', 'rank=5'], ['f16', '+B', 'rank=5', 'thirds'], ['f16', 'rank=3'],
      ['f16', 'rank=3', 'groups'], ['f16', 'rank=3', 'thirds'], ['f16', 'rank=4'], ['f16', 'rank=4', 'groups'], ['f16', 'rank=4', 'thirds'], ['f16', 'rank=5'], ['f16', 'rank=5', 'groups'], ['f16', 'rank=5', 'thirds'],
    ] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', '+B', 'rank=3', 'thirds'], ['f32', '+B', 'rank=4', 'thirds'], ['f32', 'rank=3', 'thirds'], ['f32', 'rank=4', 'thirds'], ['f32', 'rank=5', 'groups']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [
      ['f64', '+B', 'rank=3'], ['f64', '+B', 'rank=4'], ['f64', '+B', 'rank=4', 'groups'], ['f64', '+B', 'rank=4', 'thirds'], ['f64', '+B', 'rank=5'], ['f64', 'rank=3'], ['f64', 'rank=3', 'groups'], ['f64', 'rank=4'], ['f64', 'rank=4', 'groups'],
      ['f64', 'rank=5'], ['f64', 'rank=5', 'groups'],
    ] },
    { since: 25, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f16', '+B', 'rank=3'], ['f16', '+B', 'rank=3', 'thirds'], ['f16', '+B', 'rank=4'], ['f16', '+B', 'rank=4', 'groups'], ['f16', '+B', 'rank=4', 'thirds'], ['f16', '+B', 'rank=5'], ['f16', '+B', 'rank=5', 'thirds'], ['f16', 'rank=3'],
      ['f16', 'rank=3', 'groups'], ['f16', 'rank=3', 'thirds'], ['f16', 'rank=4'], ['f16', 'rank=4', 'groups'], ['f16', 'rank=4', 'thirds'], ['f16', 'rank=5'], ['f16', 'rank=5', 'groups'], ['f16', 'rank=5', 'thirds'], ['f32', '+B', 'rank=3'],
      ['f32', '+B', 'rank=3', 'thirds'], ['f32', '+B', 'rank=4'], ['f32', '+B', 'rank=4', 'groups'], ['f32', '+B', 'rank=4', 'thirds'], ['f32', '+B', 'rank=5'], ['f32', '+B', 'rank=5', 'thirds'], ['f32', 'rank=3'], ['f32', 'rank=3', 'groups'],
      ['f32', 'rank=3', 'thirds'], ['f32', 'rank=4'], ['f32', 'rank=4', 'groups'], ['f32', 'rank=4', 'thirds'], ['f32', 'rank=5'], ['f32', 'rank=5', 'groups'], ['f32', 'rank=5', 'thirds'],
    ] },
  ],
  ConvTranspose: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', '+B', 'rank=3'], ['f32', '+B', 'rank=4'], ['f32', '+B', 'rank=4', 'groups'], ['f32', 'rank=3'], ['f32', 'rank=3', 'groups'], ['f32', 'rank=4'], ['f32', 'rank=4', 'groups']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+B', 'rank=3'], ['f16', '+B', 'rank=3', 'groups-to-one-channel'], ['f16', '+B', 'rank=4'], ['f16', '+B', 'rank=4', 'groups'], ['f16', '+B', 'rank=4', 'groups-to-one-channel'], ['f16', '+B', 'rank=5'], ['f16', 'rank=3', 'groups'],
      ['f16', 'rank=4'], ['f16', 'rank=4', 'groups'], ['f16', 'rank=5', 'groups'],
    ] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [
      ['f32', '+B', 'rank=3', 'groups-to-one-channel'], ['f32', '+B', 'rank=4', 'groups-to-one-channel'], ['f32', '+B', 'rank=5'], ['f32', 'rank=4', 'groups-to-one-channel'], ['f32', 'rank=5'], ['f32', 'rank=5', 'groups'],
    ] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [
      ['f64', '+B', 'rank=3'], ['f64', '+B', 'rank=3', 'groups-to-one-channel'], ['f64', '+B', 'rank=4'], ['f64', '+B', 'rank=4', 'groups'], ['f64', '+B', 'rank=4', 'groups-to-one-channel'], ['f64', '+B', 'rank=5'], ['f64', 'rank=3', 'groups'],
      ['f64', 'rank=4'], ['f64', 'rank=4', 'groups'], ['f64', 'rank=5', 'groups'],
    ] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f16', '+B', 'rank=3'], ['f16', '+B', 'rank=3', 'groups-to-one-channel'], ['f16', '+B', 'rank=4'], ['f16', '+B', 'rank=4', 'groups'], ['f16', '+B', 'rank=4', 'groups-to-one-channel'], ['f16', '+B', 'rank=5'], ['f16', 'rank=3', 'groups'],
      ['f16', 'rank=4'], ['f16', 'rank=4', 'groups'], ['f16', 'rank=5', 'groups'], ['f32', '+B', 'rank=3'], ['f32', '+B', 'rank=3', 'groups-to-one-channel'], ['f32', '+B', 'rank=4'], ['f32', '+B', 'rank=4', 'groups'],
      ['f32', '+B', 'rank=4', 'groups-to-one-channel'], ['f32', '+B', 'rank=5'], ['f32', 'rank=3'], ['f32', 'rank=3', 'groups'], ['f32', 'rank=4'], ['f32', 'rank=4', 'groups'], ['f32', 'rank=4', 'groups-to-one-channel'], ['f32', 'rank=5'],
      ['f32', 'rank=5', 'groups'],
    ] },
  ],
  Cos: [
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Cosh: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  CumSum: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'i64'], ['f32', 'i64', 'exclusive=1'], ['f32', 'i64', 'exclusive=1', 'reverse=1'], ['f32', 'i64', 'reverse=1']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'i64'], ['f16', 'i64', 'exclusive=1'], ['f16', 'i64', 'exclusive=1', 'reverse=1'], ['f16', 'i64', 'reverse=1']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'i64'], ['f64', 'i64', 'exclusive=1'], ['f64', 'i64', 'exclusive=1', 'reverse=1'], ['f64', 'i64', 'reverse=1'], ['i64', 'i64'], ['i64', 'i64', 'reverse=1']] },
  ],
  DepthToSpace: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'mode=CRD']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'mode=CRD']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'mode=CRD']] },
    { since: 25, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', 'mode=CRD'], ['f32', 'mode=CRD']] },
  ],
  Div: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64'], ['u8']] }],
  Einsum: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  Elu: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Equal: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['bool'], ['f64'], ['i64']] }],
  Erf: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] }],
  Exp: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  Expand: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['bool'], ['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  Floor: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  GRU: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+B', '+sequence_lens', '+initial_h', '->Y', '->Y_h', 'direction=bidirectional', 'linear_before_reset=1'], ['f32', '+B', '->Y', '->Y_h', 'direction=bidirectional', 'linear_before_reset=1'], ['f32', '+B', '->Y', '->Y_h', 'linear_before_reset=1'],
      ['f32', '+initial_h', '->Y', '->Y_h', 'direction=reverse', 'linear_before_reset=1'],
    ] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f16', '+B', '+sequence_lens', '+initial_h', '->Y', '->Y_h', 'direction=bidirectional', 'linear_before_reset=1'], ['f16', '+B', '->Y', '->Y_h', 'linear_before_reset=1'],
      ['f16', '+initial_h', '->Y', '->Y_h', 'direction=reverse', 'linear_before_reset=1'],
    ] },
    { cpu: 'wrong', webgpu: 'none', wasm: 'wrong', forms: [
      ['f64', '+B', '+sequence_lens', '+initial_h', '->Y', '->Y_h', 'direction=bidirectional', 'linear_before_reset=1'], ['f64', '+B', '->Y', '->Y_h', 'linear_before_reset=1'],
      ['f64', '+initial_h', '->Y', '->Y_h', 'direction=reverse', 'linear_before_reset=1'],
    ] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f32', '+B', '+sequence_lens', '+initial_h', '->Y', '->Y_h', 'direction=bidirectional', 'linear_before_reset=1'], ['f32', '+B', '->Y', '->Y_h', 'direction=bidirectional', 'linear_before_reset=1'], ['f32', '+B', '->Y', '->Y_h', 'linear_before_reset=1'],
      ['f32', '+initial_h', '->Y', '->Y_h', 'direction=reverse', 'linear_before_reset=1'],
    ] },
  ],
  Gather: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'i32'], ['f32', 'i64'], ['i32', 'i32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'i32'], ['f16', 'i64']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'i32'], ['f64', 'i64'], ['i64', 'i64']] },
  ],
  GatherElements: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'i32'], ['f32', 'i64']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'i64']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'i64']] },
  ],
  GatherND: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', 'batch_dims=1']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', 'batch_dims=1']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', 'batch_dims=1']] },
  ],
  Gelu: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', 'approximate=tanh']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', 'approximate=tanh']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'approximate=tanh']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
  ],
  GlobalAveragePool: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'rank=3'], ['f32', 'rank=4'], ['f32', 'rank=5']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'rank=3'], ['f16', 'rank=4'], ['f16', 'rank=5']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64', 'rank=3'], ['f64', 'rank=4'], ['f64', 'rank=5']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', 'rank=3'], ['f16', 'rank=4'], ['f16', 'rank=5'], ['f32', 'rank=3'], ['f32', 'rank=4'], ['f32', 'rank=5']] },
  ],
  GlobalMaxPool: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'rank=3'], ['f32', 'rank=4'], ['f32', 'rank=5']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'rank=3'], ['f16', 'rank=4'], ['f16', 'rank=5']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64', 'rank=3'], ['f64', 'rank=4'], ['f64', 'rank=5']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', 'rank=3'], ['f16', 'rank=4'], ['f16', 'rank=5'], ['f32', 'rank=3'], ['f32', 'rank=4'], ['f32', 'rank=5']] },
  ],
  Greater: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  GreaterOrEqual: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  HardSigmoid: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  HardSwish: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Identity: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f16'], ['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['bool'], ['f64'], ['i64']] }],
  InstanceNormalization: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f16', 'own-epsilon'], ['f32', 'own-epsilon'], ['f64', 'own-epsilon']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
  ],
  IsInf: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32'], ['f64']] }],
  IsNaN: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32'], ['f64']] }],
  LSTM: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+B', '+sequence_lens', '+initial_h', '+initial_c', '->Y', '->Y_h', '->Y_c', 'direction=bidirectional'], ['f32', '+B', '->Y', '->Y_h', '->Y_c'], ['f32', '+initial_h', '+initial_c', '->Y', '->Y_h', '->Y_c', 'direction=reverse'],
      ['f32', '+sequence_lens', '->Y', '->Y_h', '->Y_c'], ['f32', '->Y', '->Y_h', '->Y_c'],
    ] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f16', '+B', '+sequence_lens', '+initial_h', '+initial_c', '->Y', '->Y_h', '->Y_c', 'direction=bidirectional'], ['f16', '+B', '->Y', '->Y_h', '->Y_c'], ['f16', '+initial_h', '+initial_c', '->Y', '->Y_h', '->Y_c', 'direction=reverse'],
      ['f16', '+sequence_lens', '->Y', '->Y_h', '->Y_c'], ['f16', '->Y', '->Y_h', '->Y_c'],
    ] },
    { cpu: 'wrong', webgpu: 'none', wasm: 'wrong', forms: [
      ['f64', '+B', '+sequence_lens', '+initial_h', '+initial_c', '->Y', '->Y_h', '->Y_c', 'direction=bidirectional'], ['f64', '+B', '->Y', '->Y_h', '->Y_c'], ['f64', '+initial_h', '+initial_c', '->Y', '->Y_h', '->Y_c', 'direction=reverse'],
      ['f64', '+sequence_lens', '->Y', '->Y_h', '->Y_c'], ['f64', '->Y', '->Y_h', '->Y_c'],
    ] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f32', '+B', '+sequence_lens', '+initial_h', '+initial_c', '->Y', '->Y_h', '->Y_c', 'direction=bidirectional'], ['f32', '+B', '->Y', '->Y_h', '->Y_c'], ['f32', '+initial_h', '+initial_c', '->Y', '->Y_h', '->Y_c', 'direction=reverse'],
      ['f32', '+sequence_lens', '->Y', '->Y_h', '->Y_c'], ['f32', '->Y', '->Y_h', '->Y_c'],
    ] },
  ],
  LayerNormalization: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+B']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+B']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', '+B']] },
  ],
  LeakyRelu: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] }],
  Less: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  LessOrEqual: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  Log: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', 'near-one']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  LogSoftmax: [{ cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f32'], ['f64']] }],
  MatMul: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  Max: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  MaxPool: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'rank=3'], ['f32', 'rank=4'], ['f32', 'rank=5']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'rank=3'], ['f16', 'rank=4'], ['f16', 'rank=5']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'rank=3'], ['f64', 'rank=4'], ['f64', 'rank=5']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', 'rank=3'], ['f16', 'rank=4'], ['f16', 'rank=5'], ['f32', 'rank=3'], ['f32', 'rank=4'], ['f32', 'rank=5']] },
  ],
  Min: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  Mish: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', 'small-results']] }],
  Mod: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', 'fmod=1'], ['f32', 'fmod=1'], ['f64', 'fmod=1'], ['i32'], ['i64'], ['u16'], ['u8']] }],
  Mul: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  Neg: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i32'], ['i64']] }],
  NonMaxSuppression: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['+max_output_boxes_per_class', '+iou_threshold']] }],
  NonZero: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['bool'], ['f32'], ['i64']] }],
  Not: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [[]] }],
  Or: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [[]] }],
  PRelu: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] }],
  Pad: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', '+constant_value'], ['f32', 'i64', '+constant_value', '+axes'], ['f32', 'mode=edge'], ['f32', 'mode=reflect'], ['f32', 'mode=wrap'], ['i32', '+constant_value'], ['i32', 'mode=wrap']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', '+constant_value'], ['f16', 'i64', '+constant_value', '+axes'], ['f16', 'mode=edge'], ['f16', 'mode=reflect'], ['f16', 'mode=wrap']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f64', '+constant_value'], ['f64', 'i64', '+constant_value', '+axes'], ['f64', 'mode=edge'], ['f64', 'mode=reflect'], ['f64', 'mode=wrap'], ['i64', '+constant_value'], ['i64', 'mode=reflect'], ['i64', 'mode=wrap'],
    ] },
    { since: 24, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f16', '+constant_value'], ['f16', 'i64', '+constant_value', '+axes'], ['f16', 'mode=edge'], ['f16', 'mode=reflect'], ['f16', 'mode=wrap'], ['f32', '+constant_value'], ['f32', 'i64', '+constant_value', '+axes'], ['f32', 'mode=edge'],
      ['f32', 'mode=reflect'], ['f32', 'mode=wrap'], ['i32', '+constant_value'], ['i32', 'mode=wrap'],
    ] },
  ],
  Pow: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'f32'], ['i32', 'i32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'f16'], ['f16', 'f16', 'stretched']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'f64'], ['f64', 'f64', 'stretched'], ['i64', 'i64']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', 'f32', 'stretched']] },
  ],
  RMSNormalization: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'f64']] }],
  RNN: [
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f16', '+B', '+sequence_lens', '+initial_h', '->Y', '->Y_h', 'direction=bidirectional'], ['f16', '+B', '->Y', '->Y_h'], ['f16', '+initial_h', '->Y', '->Y_h', 'direction=reverse'],
      ['f32', '+B', '+sequence_lens', '+initial_h', '->Y', '->Y_h', 'direction=bidirectional'], ['f32', '+B', '->Y', '->Y_h'], ['f32', '+initial_h', '->Y', '->Y_h', 'direction=reverse'],
    ] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64', '+B', '+sequence_lens', '+initial_h', '->Y', '->Y_h', 'direction=bidirectional'], ['f64', '+B', '->Y', '->Y_h'], ['f64', '+initial_h', '->Y', '->Y_h', 'direction=reverse']] },
  ],
  Range: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['i64']] }],
  Reciprocal: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  ReduceL1: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', '+axes'], ['f32', '+axes', 'keepdims=0'], ['f32', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', '+axes'], ['f16', '+axes', 'keepdims=0'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', '+axes'], ['f64', '+axes', 'keepdims=0'], ['f64', 'keepdims=0']] },
  ],
  ReduceL2: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+axes'], ['f32', '+axes', 'keepdims=0'], ['f32', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+axes'], ['f16', '+axes', 'keepdims=0'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', '+axes'], ['f64', '+axes', 'keepdims=0'], ['f64', 'keepdims=0']] },
  ],
  ReduceLogSumExp: [
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+axes'], ['f16', '+axes', 'keepdims=0'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', '+axes'], ['f64', '+axes', 'keepdims=0'], ['f64', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32'], ['f32', '+axes'], ['f32', '+axes', 'keepdims=0'], ['f32', 'keepdims=0']] },
  ],
  ReduceMax: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+axes'], ['f32', '+axes', 'keepdims=0'], ['f32', 'keepdims=0'], ['i32', '+axes', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+axes'], ['f16', '+axes', 'keepdims=0'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', '+axes'], ['f64', '+axes', 'keepdims=0'], ['f64', 'keepdims=0'], ['i64', '+axes', 'keepdims=0'], ['i64', 'keepdims=0']] },
  ],
  ReduceMean: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+axes'], ['f32', '+axes', 'keepdims=0'], ['f32', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+axes'], ['f16', '+axes', 'keepdims=0'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', '+axes'], ['f64', '+axes', 'keepdims=0'], ['f64', 'keepdims=0']] },
  ],
  ReduceMin: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+axes'], ['f32', '+axes', 'keepdims=0'], ['f32', 'keepdims=0'], ['i32', '+axes'], ['i32', '+axes', 'keepdims=0'], ['i32', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+axes'], ['f16', '+axes', 'keepdims=0'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', '+axes'], ['f64', '+axes', 'keepdims=0'], ['f64', 'keepdims=0'], ['i64', '+axes', 'keepdims=0'], ['i64', 'keepdims=0']] },
  ],
  ReduceProd: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+axes'], ['f32', '+axes', 'keepdims=0'], ['f32', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+axes'], ['f16', '+axes', 'keepdims=0'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', '+axes'], ['f64', '+axes', 'keepdims=0'], ['f64', 'keepdims=0'], ['i64', '+axes', 'keepdims=0']] },
  ],
  ReduceSum: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+axes'], ['f32', '+axes', 'keepdims=0'], ['f32', 'keepdims=0'], ['i32'], ['i32', '+axes'], ['i32', '+axes', 'keepdims=0'], ['i32', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+axes'], ['f16', '+axes', 'keepdims=0'], ['f16', 'keepdims=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', '+axes'], ['f64', '+axes', 'keepdims=0'], ['f64', 'keepdims=0'], ['i64', '+axes', 'keepdims=0'], ['i64', 'keepdims=0']] },
  ],
  Relu: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  Reshape: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['bool'], ['f16'], ['f16', 'allowzero=1'], ['f32'], ['f32', 'allowzero=1'], ['i32']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', 'allowzero=1'], ['i64'], ['i64', 'allowzero=1']] },
  ],
  Resize: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+scales', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=3'], ['f32', '+scales', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=4'],
      ['f32', '+scales', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=4', 'uneven'], ['f32', '+scales', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=5'], ['f32', '+scales', 'mode=cubic', 'rank=4'],
      ['f32', '+scales', 'mode=linear', 'rank=3'], ['f32', '+scales', 'mode=linear', 'rank=4'], ['f32', '+scales', 'mode=linear', 'rank=5'], ['f32', '+sizes', 'coordinate_transformation_mode=align_corners', 'mode=cubic', 'rank=4'],
      ['f32', '+sizes', 'coordinate_transformation_mode=align_corners', 'mode=linear', 'rank=4'], ['f32', '+sizes', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=3'],
      ['f32', '+sizes', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=4'], ['f32', '+sizes', 'mode=linear', 'rank=4'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+scales', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=4'], ['f16', '+scales', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=5'], ['f16', '+scales', 'mode=cubic', 'rank=4'],
      ['f16', '+scales', 'mode=linear', 'rank=3'], ['f16', '+scales', 'mode=linear', 'rank=4'], ['f16', '+scales', 'mode=linear', 'rank=5'], ['f16', '+sizes', 'coordinate_transformation_mode=align_corners', 'mode=cubic', 'rank=4'],
      ['f16', '+sizes', 'coordinate_transformation_mode=align_corners', 'mode=linear', 'rank=4'], ['f16', '+sizes', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=3'],
      ['f16', '+sizes', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=4'], ['f16', '+sizes', 'mode=linear', 'rank=4'],
    ] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [
      ['f64', '+scales', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=4'], ['f64', '+scales', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=5'], ['f64', '+scales', 'mode=cubic', 'rank=4'],
      ['f64', '+scales', 'mode=linear', 'rank=3'], ['f64', '+scales', 'mode=linear', 'rank=4'], ['f64', '+scales', 'mode=linear', 'rank=5'], ['f64', '+sizes', 'coordinate_transformation_mode=align_corners', 'mode=cubic', 'rank=4'],
      ['f64', '+sizes', 'coordinate_transformation_mode=align_corners', 'mode=linear', 'rank=4'], ['f64', '+sizes', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=3'],
      ['f64', '+sizes', 'coordinate_transformation_mode=asymmetric', 'nearest_mode=floor', 'rank=4'], ['f64', '+sizes', 'mode=linear', 'rank=4'],
    ] },
  ],
  Round: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32'], ['f64']] }],
  Scan: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [[]] }],
  ScatterElements: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', 'i32'], ['f32', 'i32', 'reduction=add'], ['f32', 'i32', 'reduction=max'], ['f32', 'i32', 'reduction=min'], ['f32', 'i32', 'reduction=mul'], ['f32', 'i64'], ['f32', 'i64', 'reduction=add'], ['f32', 'i64', 'reduction=max'],
      ['f32', 'i64', 'reduction=min'], ['f32', 'i64', 'reduction=mul'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'i64']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'i64'], ['f64', 'i64', 'reduction=add'], ['f64', 'i64', 'reduction=max'], ['f64', 'i64', 'reduction=min'], ['f64', 'i64', 'reduction=mul']] },
  ],
  ScatterND: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', 'reduction=add'], ['f32', 'reduction=max'], ['f32', 'reduction=min'], ['f32', 'reduction=mul']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', 'reduction=add'], ['f64', 'reduction=max'], ['f64', 'reduction=min'], ['f64', 'reduction=mul']] },
  ],
  Selu: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] }, { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] }],
  Shape: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['i64']] }, { since: 25, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f32'], ['i32']] }],
  Sigmoid: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  Sign: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32'], ['f64'], ['i64']] }],
  SimplifiedLayerNormalization: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'f16']] }],
  Sin: [
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Sinh: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Slice: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'i64', '+axes'], ['f32', 'i64', '+axes', '+steps']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'i64', '+axes'], ['f16', 'i64', '+axes', '+steps']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', 'i64', '+axes'], ['f64', 'i64', '+axes', '+steps'], ['i32', 'i64', '+axes'], ['i32', 'i64', '+axes', '+steps'], ['i64', 'i64', '+axes'], ['i64', 'i64', '+axes', '+steps']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', 'i64', '+axes', '+steps', 'backward']] },
  ],
  Softmax: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  Softplus: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', 'small-results']] }],
  Softsign: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] }, { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] }],
  Split: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', '+split'], ['i32', '+split']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', '+split']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', '+split'], ['f64', '+split', 'many-outputs'], ['i64', '+split']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f16', '+split', 'many-outputs'], ['f32', '+split', 'many-outputs']] },
  ],
  Sqrt: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] }],
  Squeeze: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f16', '+axes'], ['f32', '+axes'], ['i32', '+axes']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64', '+axes'], ['i64', '+axes']] },
    { since: 25, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', '+axes'], ['f32', '+axes'], ['i32', '+axes']] },
  ],
  Sub: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64'], ['u8']] }],
  Tan: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f64']] },
    { since: 22, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32']] },
  ],
  Tanh: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64']] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', 'near-zero']] },
  ],
  Tile: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  TopK: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', 'largest=0'], ['f32', 'sorted=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', 'largest=0'], ['f16', 'sorted=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['f64', 'largest=0'], ['f64', 'sorted=0'], ['i32'], ['i32', 'largest=0'], ['i64'], ['i64', 'largest=0']] },
  ],
  Transpose: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] },
    { since: 25, cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f32'], ['i32']] },
  ],
  Trilu: [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+k'], ['f32', '+k', 'upper=0'], ['f32', 'upper=0'], ['i32', '+k'], ['i32', '+k', 'upper=0']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+k'], ['f16', '+k', 'upper=0'], ['f16', 'upper=0']] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['bool'], ['bool', 'upper=0'], ['f64'], ['f64', '+k'], ['f64', '+k', 'upper=0'], ['f64', 'upper=0'], ['i64', '+k'], ['i64', '+k', 'upper=0']] },
  ],
  Unique: [
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['f32', '->indices', '->inverse_indices', '->counts'], ['f64', '->indices', '->inverse_indices', '->counts'], ['i64', '->indices', '->inverse_indices', '->counts'], ['i8', '->indices', '->inverse_indices', '->counts'],
    ] },
  ],
  Unsqueeze: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['bool'], ['f16'], ['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  Where: [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['i32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }, { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f64'], ['i64']] }],
  Xor: [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [[]] }],
  'com.microsoft.Attention': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+bias'], ['f32', '+bias', '+attention_bias'], ['f32', '+bias', '+attention_bias', 'batch-shares-bias'], ['f32', '+bias', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f32', '+bias', '+attention_bias', 'heads-share-bias'],
      ['f32', '+bias', '+attention_bias', 'unidirectional=1'], ['f32', '+bias', 'unidirectional=1'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+bias'], ['f16', '+bias', '+attention_bias'], ['f16', '+bias', '+attention_bias', 'batch-shares-bias'], ['f16', '+bias', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f16', '+bias', '+attention_bias', 'heads-share-bias'],
      ['f16', '+bias', '+attention_bias', 'unidirectional=1'], ['f16', '+bias', 'unidirectional=1'],
    ] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', '+bias', '+mask_index'], ['f32', '+bias', '+mask_index']] },
    { cpu: 'wrong', webgpu: 'wrong', wasm: 'wrong', forms: [['f16'], ['f32']] },
  ],
  'com.microsoft.BiasGelu': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }],
  'com.microsoft.DynamicQuantizeMatMul': [
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['i8'], ['i8', '+b_zero_point'], ['i8', '+b_zero_point', '+bias'], ['i8', '+bias'], ['u8'], ['u8', '+b_zero_point'], ['u8', '+b_zero_point', '+bias'], ['u8', '+bias']] },
  ],
  'com.microsoft.FastGelu': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+bias']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+bias']] }],
  'com.microsoft.FusedConv': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+B', 'activation=Clip', 'rank=3'], ['f32', '+B', 'activation=Clip', 'rank=4'], ['f32', '+B', 'activation=Clip', 'rank=4', 'groups'], ['f32', '+B', 'activation=HardSigmoid', 'rank=3'], ['f32', '+B', 'activation=HardSigmoid', 'rank=4'],
      ['f32', '+B', 'activation=HardSigmoid', 'rank=4', 'groups'], ['f32', '+B', 'activation=HardSwish', 'rank=3'], ['f32', '+B', 'activation=HardSwish', 'rank=4'], ['f32', '+B', 'activation=HardSwish', 'rank=4', 'groups'],
      ['f32', '+B', 'activation=LeakyRelu', 'rank=3'], ['f32', '+B', 'activation=LeakyRelu', 'rank=4'], ['f32', '+B', 'activation=LeakyRelu', 'rank=4', 'groups'], ['f32', '+B', 'activation=Relu', 'rank=3'], ['f32', '+B', 'activation=Relu', 'rank=4'],
      ['f32', '+B', 'activation=Relu', 'rank=4', 'groups'], ['f32', '+B', 'activation=Relu', 'rank=5'], ['f32', '+B', 'activation=Sigmoid', 'rank=3'], ['f32', '+B', 'activation=Sigmoid', 'rank=4'], ['f32', '+B', 'activation=Sigmoid', 'rank=4', 'groups'],
      ['f32', '+B', 'activation=Tanh', 'rank=3'], ['f32', '+B', 'activation=Tanh', 'rank=4'], ['f32', '+B', 'activation=Tanh', 'rank=4', 'groups'], ['f32', 'activation=Clip', 'rank=4'], ['f32', 'activation=HardSigmoid', 'rank=4'],
      ['f32', 'activation=HardSwish', 'rank=4'], ['f32', 'activation=LeakyRelu', 'rank=4'], ['f32', 'activation=Relu', 'rank=4'], ['f32', 'activation=Sigmoid', 'rank=4'], ['f32', 'activation=Tanh', 'rank=4'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+B', '+Z', 'activation=Relu', 'rank=4'], ['f16', '+B', '+Z', 'rank=3'], ['f16', '+B', '+Z', 'rank=4'], ['f16', '+B', 'activation=Clip', 'rank=3'], ['f16', '+B', 'activation=Clip', 'rank=4'], ['f16', '+B', 'activation=Clip', 'rank=4', 'groups'],
      ['f16', '+B', 'activation=HardSigmoid', 'rank=3'], ['f16', '+B', 'activation=HardSigmoid', 'rank=4'], ['f16', '+B', 'activation=HardSigmoid', 'rank=4', 'groups'], ['f16', '+B', 'activation=HardSwish', 'rank=3'],
      ['f16', '+B', 'activation=HardSwish', 'rank=4'], ['f16', '+B', 'activation=HardSwish', 'rank=4', 'groups'], ['f16', '+B', 'activation=LeakyRelu', 'rank=3'], ['f16', '+B', 'activation=LeakyRelu', 'rank=4'],
      ['f16', '+B', 'activation=LeakyRelu', 'rank=4', 'groups'], ['f16', '+B', 'activation=Relu', 'rank=3'], ['f16', '+B', 'activation=Relu', 'rank=4'], ['f16', '+B', 'activation=Relu', 'rank=4', 'groups'], ['f16', '+B', 'activation=Relu', 'rank=5'],
      ['f16', '+B', 'activation=Sigmoid', 'rank=3'], ['f16', '+B', 'activation=Sigmoid', 'rank=4'], ['f16', '+B', 'activation=Sigmoid', 'rank=4', 'groups'], ['f16', '+B', 'activation=Tanh', 'rank=3'], ['f16', '+B', 'activation=Tanh', 'rank=4'],
      ['f16', '+B', 'activation=Tanh', 'rank=4', 'groups'], ['f16', '+Z', 'activation=Relu', 'rank=4'], ['f16', '+Z', 'rank=4'], ['f16', 'activation=Clip', 'rank=4'], ['f16', 'activation=HardSigmoid', 'rank=4'], ['f16', 'activation=HardSwish', 'rank=4'],
      ['f16', 'activation=LeakyRelu', 'rank=4'], ['f16', 'activation=Relu', 'rank=4'], ['f16', 'activation=Sigmoid', 'rank=4'], ['f16', 'activation=Tanh', 'rank=4'],
    ] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', '+B', '+Z', 'activation=Relu', 'rank=4'], ['f32', '+B', '+Z', 'rank=3'], ['f32', '+B', '+Z', 'rank=4'], ['f32', '+Z', 'activation=Relu', 'rank=4'], ['f32', '+Z', 'rank=4']] },
  ],
  'com.microsoft.FusedMatMul': [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f16', 'transA=1'], ['f16', 'transA=1', 'transB=1'], ['f16', 'transB=1'], ['f32'], ['f32', 'transA=1'], ['f32', 'transA=1', 'transB=1'], ['f32', 'transB=1']] }],
  'com.microsoft.GatherBlockQuantized': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', 'i32'], ['f32', 'i32', '+zero_points'], ['f32', 'i32', '+zero_points', 'bits=8', 'block_size=32'], ['f32', 'i32', '+zero_points', 'block_size=32'], ['f32', 'i32', 'bits=8'], ['f32', 'i32', 'bits=8', 'block_size=32'],
      ['f32', 'i32', 'block_size=32'], ['f32', 'i64'], ['f32', 'i64', '+zero_points'], ['f32', 'i64', '+zero_points', 'bits=8', 'block_size=32'], ['f32', 'i64', '+zero_points', 'block_size=32'], ['f32', 'i64', 'bits=8'],
      ['f32', 'i64', 'bits=8', 'block_size=32'], ['f32', 'i64', 'block_size=32'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', 'i32'], ['f16', 'i32', '+zero_points'], ['f16', 'i32', '+zero_points', 'bits=8', 'block_size=32'], ['f16', 'i32', '+zero_points', 'block_size=32'], ['f16', 'i32', 'bits=8'], ['f16', 'i32', 'bits=8', 'block_size=32'],
      ['f16', 'i32', 'block_size=32'], ['f16', 'i64'], ['f16', 'i64', '+zero_points'], ['f16', 'i64', '+zero_points', 'bits=8', 'block_size=32'], ['f16', 'i64', '+zero_points', 'block_size=32'], ['f16', 'i64', 'bits=8'],
      ['f16', 'i64', 'bits=8', 'block_size=32'], ['f16', 'i64', 'block_size=32'],
    ] },
  ],
  'com.microsoft.Gelu': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }],
  'com.microsoft.GroupNorm': [{ cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f16', 'f32', 'activation=0'], ['f16', 'f32', 'activation=1'], ['f32', 'f32', 'activation=0'], ['f32', 'f32', 'activation=1']] }],
  'com.microsoft.GroupQueryAttention': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '+attention_bias', '->present_key', '->present_value', 'batch-shares-bias', 'heads-share-bias'],
      ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '+attention_bias', '->present_key', '->present_value', 'heads-share-bias'],
      ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '+cos_cache', '+sin_cache', '->present_key', '->present_value', 'do_rotary=1'], ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '+attention_bias', '->present_key', '->present_value', 'batch-shares-bias', 'heads-share-bias'],
      ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '+attention_bias', '->present_key', '->present_value', 'heads-share-bias'],
      ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '+cos_cache', '+sin_cache', '->present_key', '->present_value', 'do_rotary=1'], ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value'],
    ] },
    { cpu: 'wrong', webgpu: 'wrong', wasm: 'wrong', forms: [
      ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '+cos_cache', '+sin_cache', '->present_key', '->present_value', 'do_rotary=1', 'uneven-heads'],
      ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '+cos_cache', '+sin_cache', '->present_key', '->present_value', 'do_rotary=1', 'uneven-heads'],
    ] },
  ],
  'com.microsoft.MatMulIntegerToFloat': [
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['u8', 'i8', 'f32'], ['u8', 'i8', 'f32', '+a_zero_point', '+b_zero_point'], ['u8', 'i8', 'f32', '+a_zero_point', '+b_zero_point', '+bias'], ['u8', 'i8', 'f32', '+bias'], ['u8', 'u8', 'f32'], ['u8', 'u8', 'f32', '+a_zero_point', '+b_zero_point'],
      ['u8', 'u8', 'f32', '+a_zero_point', '+b_zero_point', '+bias'], ['u8', 'u8', 'f32', '+bias'],
    ] },
  ],
  'com.microsoft.MatMulNBits': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+bias', 'accuracy_level=4', 'bits=8', 'block_size=128'], ['f32', '+bias', 'accuracy_level=4', 'bits=8', 'block_size=32'], ['f32', '+bias', 'accuracy_level=4', 'block_size=128'], ['f32', '+bias', 'accuracy_level=4', 'block_size=32'],
      ['f32', '+bias', 'bits=8', 'block_size=128'], ['f32', '+bias', 'bits=8', 'block_size=32'], ['f32', '+bias', 'block_size=128'], ['f32', '+bias', 'block_size=32'], ['f32', 'accuracy_level=4', 'bits=2', 'block_size=128'],
      ['f32', 'accuracy_level=4', 'bits=2', 'block_size=32'], ['f32', 'accuracy_level=4', 'bits=8', 'block_size=128'], ['f32', 'accuracy_level=4', 'bits=8', 'block_size=32'], ['f32', 'accuracy_level=4', 'block_size=128'],
      ['f32', 'accuracy_level=4', 'block_size=32'], ['f32', 'bits=2', 'block_size=128'], ['f32', 'bits=2', 'block_size=32'], ['f32', 'bits=8', 'block_size=128'], ['f32', 'bits=8', 'block_size=32'], ['f32', 'block_size=128'], ['f32', 'block_size=32'],
      ['f32', 'u8', '+zero_points', 'accuracy_level=4', 'block_size=32'], ['f32', 'u8', '+zero_points', 'bits=8', 'block_size=32'], ['f32', 'u8', '+zero_points', 'block_size=128'], ['f32', 'u8', '+zero_points', 'block_size=32'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+bias', 'accuracy_level=4', 'bits=8', 'block_size=128'], ['f16', '+bias', 'accuracy_level=4', 'bits=8', 'block_size=32'], ['f16', '+bias', 'accuracy_level=4', 'block_size=128'], ['f16', '+bias', 'accuracy_level=4', 'block_size=32'],
      ['f16', '+bias', 'bits=8', 'block_size=128'], ['f16', '+bias', 'bits=8', 'block_size=32'], ['f16', '+bias', 'block_size=128'], ['f16', '+bias', 'block_size=32'], ['f16', 'accuracy_level=4', 'bits=2', 'block_size=128'],
      ['f16', 'accuracy_level=4', 'bits=2', 'block_size=32'], ['f16', 'accuracy_level=4', 'bits=8', 'block_size=128'], ['f16', 'accuracy_level=4', 'bits=8', 'block_size=32'], ['f16', 'accuracy_level=4', 'block_size=128'],
      ['f16', 'accuracy_level=4', 'block_size=32'], ['f16', 'bits=2', 'block_size=128'], ['f16', 'bits=2', 'block_size=32'], ['f16', 'bits=8', 'block_size=128'], ['f16', 'bits=8', 'block_size=32'], ['f16', 'block_size=128'], ['f16', 'block_size=32'],
      ['f16', 'u8', '+zero_points', 'accuracy_level=4', 'block_size=32'], ['f16', 'u8', '+zero_points', 'bits=8', 'block_size=32'], ['f16', 'u8', '+zero_points', 'block_size=128'], ['f16', 'u8', '+zero_points', 'block_size=32'],
    ] },
  ],
  'com.microsoft.MultiHeadAttention': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+key', '+value'], ['f32', '+key', '+value', '+attention_bias'], ['f32', '+key', '+value', '+attention_bias', '+past_key', '+past_value', '->present_key', '->present_value', 'batch-shares-bias', 'heads-share-bias'],
      ['f32', '+key', '+value', '+attention_bias', 'batch-shares-bias'], ['f32', '+key', '+value', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f32', '+key', '+value', '+attention_bias', 'heads-share-bias'],
      ['f32', '+key', '+value', '+bias'], ['f32', '+key', '+value', '+bias', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f32', '+key', '+value', '+bias', 'unidirectional=1'],
      ['f32', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value'], ['f32', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value', 'unidirectional=1'], ['f32', '+key', '+value', 'unidirectional=1'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+key', '+value'], ['f16', '+key', '+value', '+attention_bias'], ['f16', '+key', '+value', '+attention_bias', '+past_key', '+past_value', '->present_key', '->present_value', 'batch-shares-bias', 'heads-share-bias'],
      ['f16', '+key', '+value', '+attention_bias', 'batch-shares-bias'], ['f16', '+key', '+value', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f16', '+key', '+value', '+attention_bias', 'heads-share-bias'],
      ['f16', '+key', '+value', '+bias'], ['f16', '+key', '+value', '+bias', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f16', '+key', '+value', '+bias', 'unidirectional=1'],
      ['f16', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value'], ['f16', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value', 'unidirectional=1'], ['f16', '+key', '+value', 'unidirectional=1'],
    ] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f16', '+key', '+value', '+key_padding_mask'], ['f32', '+key', '+value', '+key_padding_mask']] },
  ],
  'com.microsoft.QuickGelu': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }],
  'com.microsoft.RotaryEmbedding': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'interleaved=1', 'rank=3'], ['f32', 'interleaved=1', 'rank=4'], ['f32', 'rank=3'], ['f32', 'rank=4']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'interleaved=1', 'rank=3'], ['f16', 'interleaved=1', 'rank=4'], ['f16', 'rank=3'], ['f16', 'rank=4']] },
  ],
  'com.microsoft.SkipGroupNorm': [
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [
      ['f16', 'f32', '+bias', 'activation=0'], ['f16', 'f32', '->S', 'activation=0'], ['f16', 'f32', '->S', 'activation=1'], ['f16', 'f32', 'activation=0'], ['f32', 'f32', '+bias', 'activation=0'], ['f32', 'f32', '->S', 'activation=0'],
      ['f32', 'f32', '->S', 'activation=1'], ['f32', 'f32', 'activation=0'],
    ] },
  ],
  'com.microsoft.SkipLayerNormalization': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32'], ['f32', '+beta'], ['f32', '+beta', '+bias'], ['f32', '+beta', '+bias', '->input_skip_bias_sum'], ['f32', '+beta', '->input_skip_bias_sum'], ['f32', '+beta', '->input_skip_bias_sum', 'repeated-skip'], ['f32', '+beta', 'repeated-skip'],
      ['f32', '+bias'], ['f32', '+bias', '->input_skip_bias_sum'], ['f32', '->input_skip_bias_sum'], ['f32', '->input_skip_bias_sum', 'repeated-skip'], ['f32', 'repeated-skip'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16'], ['f16', '+beta'], ['f16', '+beta', '+bias'], ['f16', '+beta', '+bias', '->input_skip_bias_sum'], ['f16', '+beta', '->input_skip_bias_sum'], ['f16', '+beta', '->input_skip_bias_sum', 'repeated-skip'], ['f16', '+beta', 'repeated-skip'],
      ['f16', '+bias'], ['f16', '+bias', '->input_skip_bias_sum'], ['f16', '->input_skip_bias_sum'], ['f16', '->input_skip_bias_sum', 'repeated-skip'], ['f16', 'repeated-skip'],
    ] },
  ],
  'com.microsoft.SkipSimplifiedLayerNormalization': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+bias'], ['f32', '+bias', '->input_skip_bias_sum'], ['f32', '->input_skip_bias_sum'], ['f32', '->input_skip_bias_sum', 'repeated-skip'], ['f32', 'repeated-skip']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+bias'], ['f16', '+bias', '->input_skip_bias_sum'], ['f16', '->input_skip_bias_sum'], ['f16', '->input_skip_bias_sum', 'repeated-skip'], ['f16', 'repeated-skip']] },
  ],
};
