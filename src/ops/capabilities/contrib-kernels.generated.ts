// Written by scripts/probe-capabilities.mjs with ONNX Runtime 1.30.0; do not edit.
import type { KernelTable } from './kernel-table.js';

/** What ONNX Runtime does with its own operators. */
export const contribKernels: KernelTable = {
  'com.microsoft.Attention': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+bias'], ['f32', '+bias', '+attention_bias'], ['f32', '+bias', '+attention_bias', 'batch-shares-bias'], ['f32', '+bias', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f32', '+bias', '+attention_bias', 'heads-share-bias'], ['f32', '+bias', '+attention_bias', 'unidirectional=1'], ['f32', '+bias', 'unidirectional=1'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+bias'], ['f16', '+bias', '+attention_bias'], ['f16', '+bias', '+attention_bias', 'batch-shares-bias'], ['f16', '+bias', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f16', '+bias', '+attention_bias', 'heads-share-bias'], ['f16', '+bias', '+attention_bias', 'unidirectional=1'], ['f16', '+bias', 'unidirectional=1'],
    ] },
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16', '+bias', '+mask_index'], ['f32', '+bias', '+mask_index']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['bf16', '+bias'], ['bf16', '+bias', '+attention_bias'], ['bf16', '+bias', 'unidirectional=1']] },
    { cpu: 'wrong', webgpu: 'wrong', wasm: 'wrong', forms: [['f16'], ['f32']] },
  ],
  'com.microsoft.BiasGelu': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }],
  'com.microsoft.DynamicQuantizeMatMul': [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['i8'], ['i8', '+b_zero_point'], ['i8', '+b_zero_point', '+bias'], ['i8', '+bias'], ['u8'], ['u8', '+b_zero_point'], ['u8', '+b_zero_point', '+bias'], ['u8', '+bias']] }],
  'com.microsoft.FastGelu': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+bias']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+bias']] }],
  'com.microsoft.FusedConv': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+B', 'activation=Clip', 'rank=3'], ['f32', '+B', 'activation=Clip', 'rank=4'], ['f32', '+B', 'activation=Clip', 'rank=4', 'groups'], ['f32', '+B', 'activation=HardSigmoid', 'rank=3'], ['f32', '+B', 'activation=HardSigmoid', 'rank=4'], ['f32', '+B', 'activation=HardSigmoid', 'rank=4', 'groups'], ['f32', '+B', 'activation=HardSwish', 'rank=3'],
      ['f32', '+B', 'activation=HardSwish', 'rank=4'], ['f32', '+B', 'activation=HardSwish', 'rank=4', 'groups'], ['f32', '+B', 'activation=LeakyRelu', 'rank=3'], ['f32', '+B', 'activation=LeakyRelu', 'rank=4'], ['f32', '+B', 'activation=LeakyRelu', 'rank=4', 'groups'], ['f32', '+B', 'activation=Relu', 'rank=3'], ['f32', '+B', 'activation=Relu', 'rank=4'],
      ['f32', '+B', 'activation=Relu', 'rank=4', 'groups'], ['f32', '+B', 'activation=Relu', 'rank=5'], ['f32', '+B', 'activation=Sigmoid', 'rank=3'], ['f32', '+B', 'activation=Sigmoid', 'rank=4'], ['f32', '+B', 'activation=Sigmoid', 'rank=4', 'groups'], ['f32', '+B', 'activation=Tanh', 'rank=3'], ['f32', '+B', 'activation=Tanh', 'rank=4'], ['f32', '+B', 'activation=Tanh', 'rank=4', 'groups'],
      ['f32', 'activation=Clip', 'rank=4'], ['f32', 'activation=HardSigmoid', 'rank=4'], ['f32', 'activation=HardSwish', 'rank=4'], ['f32', 'activation=LeakyRelu', 'rank=4'], ['f32', 'activation=Relu', 'rank=4'], ['f32', 'activation=Sigmoid', 'rank=4'], ['f32', 'activation=Tanh', 'rank=4'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+B', '+Z', 'activation=Relu', 'rank=4'], ['f16', '+B', '+Z', 'rank=3'], ['f16', '+B', '+Z', 'rank=4'], ['f16', '+B', 'activation=Clip', 'rank=3'], ['f16', '+B', 'activation=Clip', 'rank=4'], ['f16', '+B', 'activation=Clip', 'rank=4', 'groups'], ['f16', '+B', 'activation=HardSigmoid', 'rank=3'], ['f16', '+B', 'activation=HardSigmoid', 'rank=4'],
      ['f16', '+B', 'activation=HardSigmoid', 'rank=4', 'groups'], ['f16', '+B', 'activation=HardSwish', 'rank=3'], ['f16', '+B', 'activation=HardSwish', 'rank=4'], ['f16', '+B', 'activation=HardSwish', 'rank=4', 'groups'], ['f16', '+B', 'activation=LeakyRelu', 'rank=3'], ['f16', '+B', 'activation=LeakyRelu', 'rank=4'], ['f16', '+B', 'activation=LeakyRelu', 'rank=4', 'groups'],
      ['f16', '+B', 'activation=Relu', 'rank=3'], ['f16', '+B', 'activation=Relu', 'rank=4'], ['f16', '+B', 'activation=Relu', 'rank=4', 'groups'], ['f16', '+B', 'activation=Relu', 'rank=5'], ['f16', '+B', 'activation=Sigmoid', 'rank=3'], ['f16', '+B', 'activation=Sigmoid', 'rank=4'], ['f16', '+B', 'activation=Sigmoid', 'rank=4', 'groups'], ['f16', '+B', 'activation=Tanh', 'rank=3'],
      ['f16', '+B', 'activation=Tanh', 'rank=4'], ['f16', '+B', 'activation=Tanh', 'rank=4', 'groups'], ['f16', '+Z', 'activation=Relu', 'rank=4'], ['f16', '+Z', 'rank=4'], ['f16', 'activation=Clip', 'rank=4'], ['f16', 'activation=HardSigmoid', 'rank=4'], ['f16', 'activation=HardSwish', 'rank=4'], ['f16', 'activation=LeakyRelu', 'rank=4'], ['f16', 'activation=Relu', 'rank=4'],
      ['f16', 'activation=Sigmoid', 'rank=4'], ['f16', 'activation=Tanh', 'rank=4'],
    ] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f32', '+B', '+Z', 'activation=Relu', 'rank=4'], ['f32', '+B', '+Z', 'rank=3'], ['f32', '+B', '+Z', 'rank=4'], ['f32', '+Z', 'activation=Relu', 'rank=4'], ['f32', '+Z', 'rank=4']] },
  ],
  'com.microsoft.FusedMatMul': [{ cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [['f16'], ['f16', 'transA=1'], ['f16', 'transA=1', 'transB=1'], ['f16', 'transB=1'], ['f32'], ['f32', 'transA=1'], ['f32', 'transA=1', 'transB=1'], ['f32', 'transB=1']] }],
  'com.microsoft.GatherBlockQuantized': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', 'i32'], ['f32', 'i32', '+zero_points'], ['f32', 'i32', '+zero_points', 'bits=8', 'block_size=32'], ['f32', 'i32', '+zero_points', 'block_size=32'], ['f32', 'i32', 'bits=8'], ['f32', 'i32', 'bits=8', 'block_size=32'], ['f32', 'i32', 'block_size=32'], ['f32', 'i64'], ['f32', 'i64', '+zero_points'], ['f32', 'i64', '+zero_points', 'bits=8', 'block_size=32'],
      ['f32', 'i64', '+zero_points', 'block_size=32'], ['f32', 'i64', 'bits=8'], ['f32', 'i64', 'bits=8', 'block_size=32'], ['f32', 'i64', 'block_size=32'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', 'i32'], ['f16', 'i32', '+zero_points'], ['f16', 'i32', '+zero_points', 'bits=8', 'block_size=32'], ['f16', 'i32', '+zero_points', 'block_size=32'], ['f16', 'i32', 'bits=8'], ['f16', 'i32', 'bits=8', 'block_size=32'], ['f16', 'i32', 'block_size=32'], ['f16', 'i64'], ['f16', 'i64', '+zero_points'], ['f16', 'i64', '+zero_points', 'bits=8', 'block_size=32'],
      ['f16', 'i64', '+zero_points', 'block_size=32'], ['f16', 'i64', 'bits=8'], ['f16', 'i64', 'bits=8', 'block_size=32'], ['f16', 'i64', 'block_size=32'],
    ] },
  ],
  'com.microsoft.Gelu': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }],
  'com.microsoft.GroupNorm': [{ cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f16', 'f32', 'activation=0'], ['f16', 'f32', 'activation=1'], ['f32', 'f32', 'activation=0'], ['f32', 'f32', 'activation=1']] }],
  'com.microsoft.GroupQueryAttention': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '+attention_bias', '->present_key', '->present_value', 'batch-shares-bias', 'heads-share-bias'], ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '+attention_bias', '->present_key', '->present_value', 'heads-share-bias'],
      ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '+cos_cache', '+sin_cache', '->present_key', '->present_value', 'do_rotary=1'], ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '+attention_bias', '->present_key', '->present_value', 'batch-shares-bias', 'heads-share-bias'], ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '+attention_bias', '->present_key', '->present_value', 'heads-share-bias'],
      ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '+cos_cache', '+sin_cache', '->present_key', '->present_value', 'do_rotary=1'], ['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value'],
    ] },
    { cpu: 'wrong', webgpu: 'wrong', wasm: 'wrong', forms: [['f16', 'f16', '+key', '+value', '+past_key', '+past_value', '+cos_cache', '+sin_cache', '->present_key', '->present_value', 'do_rotary=1', 'uneven-heads'], ['f32', 'f32', '+key', '+value', '+past_key', '+past_value', '+cos_cache', '+sin_cache', '->present_key', '->present_value', 'do_rotary=1', 'uneven-heads']] },
  ],
  'com.microsoft.MatMulIntegerToFloat': [
    { cpu: 'kernel', webgpu: 'none', wasm: 'kernel', forms: [
      ['u8', 'i8', 'f32'], ['u8', 'i8', 'f32', '+a_zero_point', '+b_zero_point'], ['u8', 'i8', 'f32', '+a_zero_point', '+b_zero_point', '+bias'], ['u8', 'i8', 'f32', '+bias'], ['u8', 'u8', 'f32'], ['u8', 'u8', 'f32', '+a_zero_point', '+b_zero_point'], ['u8', 'u8', 'f32', '+a_zero_point', '+b_zero_point', '+bias'], ['u8', 'u8', 'f32', '+bias'],
    ] },
  ],
  'com.microsoft.MatMulNBits': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+bias', 'accuracy_level=4', 'bits=8', 'block_size=128'], ['f32', '+bias', 'accuracy_level=4', 'bits=8', 'block_size=32'], ['f32', '+bias', 'accuracy_level=4', 'block_size=128'], ['f32', '+bias', 'accuracy_level=4', 'block_size=32'], ['f32', '+bias', 'bits=8', 'block_size=128'], ['f32', '+bias', 'bits=8', 'block_size=32'], ['f32', '+bias', 'block_size=128'],
      ['f32', '+bias', 'block_size=32'], ['f32', 'accuracy_level=4', 'bits=2', 'block_size=128'], ['f32', 'accuracy_level=4', 'bits=2', 'block_size=32'], ['f32', 'accuracy_level=4', 'bits=8', 'block_size=128'], ['f32', 'accuracy_level=4', 'bits=8', 'block_size=32'], ['f32', 'accuracy_level=4', 'block_size=128'], ['f32', 'accuracy_level=4', 'block_size=32'], ['f32', 'bits=2', 'block_size=128'],
      ['f32', 'bits=2', 'block_size=32'], ['f32', 'bits=8', 'block_size=128'], ['f32', 'bits=8', 'block_size=32'], ['f32', 'block_size=128'], ['f32', 'block_size=32'], ['f32', 'u8', '+zero_points', 'accuracy_level=4', 'block_size=32'], ['f32', 'u8', '+zero_points', 'bits=8', 'block_size=32'], ['f32', 'u8', '+zero_points', 'block_size=128'], ['f32', 'u8', '+zero_points', 'block_size=32'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+bias', 'accuracy_level=4', 'bits=8', 'block_size=128'], ['f16', '+bias', 'accuracy_level=4', 'bits=8', 'block_size=32'], ['f16', '+bias', 'accuracy_level=4', 'block_size=128'], ['f16', '+bias', 'accuracy_level=4', 'block_size=32'], ['f16', '+bias', 'bits=8', 'block_size=128'], ['f16', '+bias', 'bits=8', 'block_size=32'], ['f16', '+bias', 'block_size=128'],
      ['f16', '+bias', 'block_size=32'], ['f16', 'accuracy_level=4', 'bits=2', 'block_size=128'], ['f16', 'accuracy_level=4', 'bits=2', 'block_size=32'], ['f16', 'accuracy_level=4', 'bits=8', 'block_size=128'], ['f16', 'accuracy_level=4', 'bits=8', 'block_size=32'], ['f16', 'accuracy_level=4', 'block_size=128'], ['f16', 'accuracy_level=4', 'block_size=32'], ['f16', 'bits=2', 'block_size=128'],
      ['f16', 'bits=2', 'block_size=32'], ['f16', 'bits=8', 'block_size=128'], ['f16', 'bits=8', 'block_size=32'], ['f16', 'block_size=128'], ['f16', 'block_size=32'], ['f16', 'u8', '+zero_points', 'accuracy_level=4', 'block_size=32'], ['f16', 'u8', '+zero_points', 'bits=8', 'block_size=32'], ['f16', 'u8', '+zero_points', 'block_size=128'], ['f16', 'u8', '+zero_points', 'block_size=32'],
    ] },
  ],
  'com.microsoft.MultiHeadAttention': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32', '+key', '+value'], ['f32', '+key', '+value', '+attention_bias'], ['f32', '+key', '+value', '+attention_bias', '+past_key', '+past_value', '->present_key', '->present_value', 'batch-shares-bias', 'heads-share-bias'], ['f32', '+key', '+value', '+attention_bias', 'batch-shares-bias'], ['f32', '+key', '+value', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'],
      ['f32', '+key', '+value', '+attention_bias', 'heads-share-bias'], ['f32', '+key', '+value', '+bias'], ['f32', '+key', '+value', '+bias', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f32', '+key', '+value', '+bias', 'unidirectional=1'], ['f32', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value'],
      ['f32', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value', 'unidirectional=1'], ['f32', '+key', '+value', 'unidirectional=1'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16', '+key', '+value'], ['f16', '+key', '+value', '+attention_bias'], ['f16', '+key', '+value', '+attention_bias', '+past_key', '+past_value', '->present_key', '->present_value', 'batch-shares-bias', 'heads-share-bias'], ['f16', '+key', '+value', '+attention_bias', 'batch-shares-bias'], ['f16', '+key', '+value', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'],
      ['f16', '+key', '+value', '+attention_bias', 'heads-share-bias'], ['f16', '+key', '+value', '+bias'], ['f16', '+key', '+value', '+bias', '+attention_bias', 'batch-shares-bias', 'heads-share-bias'], ['f16', '+key', '+value', '+bias', 'unidirectional=1'], ['f16', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value'],
      ['f16', '+key', '+value', '+past_key', '+past_value', '->present_key', '->present_value', 'unidirectional=1'], ['f16', '+key', '+value', 'unidirectional=1'],
    ] },
    { cpu: 'kernel', webgpu: 'wrong', wasm: 'kernel', forms: [['f16', '+key', '+value', '+key_padding_mask'], ['f32', '+key', '+value', '+key_padding_mask']] },
    { cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['bf16', '+key', '+value'], ['bf16', '+key', '+value', '+attention_bias'], ['bf16', '+key', '+value', '+attention_bias', 'heads-share-bias'], ['bf16', '+key', '+value', 'unidirectional=1']] },
  ],
  'com.microsoft.QuickGelu': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16']] }],
  'com.microsoft.RotaryEmbedding': [{ cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32', 'interleaved=1', 'rank=3'], ['f32', 'interleaved=1', 'rank=4'], ['f32', 'rank=3'], ['f32', 'rank=4']] }, { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16', 'interleaved=1', 'rank=3'], ['f16', 'interleaved=1', 'rank=4'], ['f16', 'rank=3'], ['f16', 'rank=4']] }],
  'com.microsoft.SkipGroupNorm': [{ cpu: 'none', webgpu: 'none', wasm: 'none', forms: [['f16', 'f32', '+bias', 'activation=0'], ['f16', 'f32', '->S', 'activation=0'], ['f16', 'f32', '->S', 'activation=1'], ['f16', 'f32', 'activation=0'], ['f32', 'f32', '+bias', 'activation=0'], ['f32', 'f32', '->S', 'activation=0'], ['f32', 'f32', '->S', 'activation=1'], ['f32', 'f32', 'activation=0']] }],
  'com.microsoft.SkipLayerNormalization': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [
      ['f32'], ['f32', '+beta'], ['f32', '+beta', '+bias'], ['f32', '+beta', '+bias', '->input_skip_bias_sum'], ['f32', '+beta', '->input_skip_bias_sum'], ['f32', '+beta', '->input_skip_bias_sum', 'repeated-skip'], ['f32', '+beta', 'repeated-skip'], ['f32', '+bias'], ['f32', '+bias', '->input_skip_bias_sum'], ['f32', '->input_skip_bias_sum'], ['f32', '->input_skip_bias_sum', 'repeated-skip'],
      ['f32', 'repeated-skip'],
    ] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [
      ['f16'], ['f16', '+beta'], ['f16', '+beta', '+bias'], ['f16', '+beta', '+bias', '->input_skip_bias_sum'], ['f16', '+beta', '->input_skip_bias_sum'], ['f16', '+beta', '->input_skip_bias_sum', 'repeated-skip'], ['f16', '+beta', 'repeated-skip'], ['f16', '+bias'], ['f16', '+bias', '->input_skip_bias_sum'], ['f16', '->input_skip_bias_sum'], ['f16', '->input_skip_bias_sum', 'repeated-skip'],
      ['f16', 'repeated-skip'],
    ] },
  ],
  'com.microsoft.SkipSimplifiedLayerNormalization': [
    { cpu: 'kernel', webgpu: 'kernel', wasm: 'kernel', forms: [['f32'], ['f32', '+bias'], ['f32', '+bias', '->input_skip_bias_sum'], ['f32', '->input_skip_bias_sum'], ['f32', '->input_skip_bias_sum', 'repeated-skip'], ['f32', 'repeated-skip']] },
    { cpu: 'kernel', webgpu: 'claimed', wasm: 'kernel', forms: [['f16'], ['f16', '+bias'], ['f16', '+bias', '->input_skip_bias_sum'], ['f16', '->input_skip_bias_sum'], ['f16', '->input_skip_bias_sum', 'repeated-skip'], ['f16', 'repeated-skip']] },
  ],
};
