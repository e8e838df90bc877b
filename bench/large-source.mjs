// A long source file such as a project may have: the same text for the same number of lines.

/** Families of layers and models, all with different sizes, until there are at least this many lines. */
export function largeSource(lines) {
  const parts = ['# Written by bench/large-source.mjs.', 'import { causal_mask } from "std/attention"', ''];
  let count = parts.length;
  for (let n = 0; count < lines; n++) {
    const part = family(n);
    parts.push(part);
    count += part.split('\n').length;
  }
  return `${parts.join('\n')}\n`;
}

/** A convolutional classifier, a sequence tagger and a language model with their blocks: 72 lines. */
function family(n) {
  const width = 16 + 8 * (n % 5);
  const depth = 2 + (n % 3);
  return `
## A residual block of two convolutions; the skip is projected where the sizes differ.
layer Residual${n}(planes: int, stride = 1)(x: Tensor[N, C, H, W]) -> Tensor[N, planes, H1, W1] {
  y = x
    -> conv1: Conv2d(planes, kernel = 3, stride = stride, padding = 1, bias = false) -> bn1: BatchNorm2d -> relu
    -> conv2: Conv2d(planes, kernel = 3, padding = 1, bias = false)                  -> bn2: BatchNorm2d
  skip = if stride != 1 || C != planes {
    x -> downsample[0]: Conv2d(planes, kernel = 1, stride = stride, bias = false) -> downsample[1]: BatchNorm2d
  } else { x }
  return relu(y + skip)
}

## Classifies images of any size.
model Images${n}(width = ${width}, depth = ${depth}, classes = ${10 + n})(image: Tensor[N, 3, H, W]) -> (logits: Tensor[N, classes]) {
  x = image -> stem: Conv2d(width, kernel = 7, stride = 2, padding = 3, bias = false) -> bn: BatchNorm2d -> relu
  for s in 0..depth {
    x = x -> stages[s]: Residual${n}(width * 2 ** s, stride = if s > 0 { 2 } else { 1 })
  }
  return x -> global_avg_pool -> flatten -> fc: Linear(classes)
}

## Tags every token of a sequence.
model Tagger${n}(vocab = ${500 + 50 * n}, D = ${8 * width}, tags = ${5 + n})(
  ids: Tensor<i64>[N, T]
) -> (logits: Tensor[N, T, tags])
{
  x = ids -> embedding: Embedding(vocab, D)
  (h, _) = x -> lstm: LSTM(D, bidirectional = true)
  return h
    -> norm: LayerNorm
    -> hidden: Linear(D) -> gelu
    -> fc: Linear(tags)
}

## Attention whose heads share ${1 + (n % 2)} key head${n % 2 === 0 ? '' : 's'}.
layer SharedAttention${n}(heads: int, kv_heads: int)(x: Tensor[N, T, D]) -> Tensor[N, T, D]
  where D % heads == 0, heads % kv_heads == 0
{
  let d = D / heads
  q = x -> q_proj: Linear(heads * d)    -> rearrange([N, T, heads * d] => [N, heads, T, d])
  k = x -> k_proj: Linear(kv_heads * d) -> rearrange([N, T, kv_heads * d] => [N, kv_heads, T, d])
  v = x -> v_proj: Linear(kv_heads * d) -> rearrange([N, T, kv_heads * d] => [N, kv_heads, T, d])
  return attention(q, k, v, causal_mask(T))
    -> rearrange([N, heads, T, d] => [N, T, heads * d])
    -> o_proj: Linear(D)
}

layer Decoder${n}(heads: int, kv_heads: int)(x: Tensor[N, T, D]) -> Tensor[N, T, D]
  where D % heads == 0, heads % kv_heads == 0
{
  x = x + (x -> norm1: RMSNorm -> attn: SharedAttention${n}(heads, kv_heads))
  return x + (x -> norm2: RMSNorm -> mlp: SwiGLU(4 * D))
}

## Says what comes next.
model Language${n}(vocab = ${1000 + 100 * n}, D = ${8 * width}, layers = ${depth})(ids: Tensor<i64>[N, T]) -> (logits: Tensor[N, T, vocab]) {
  tok = Embedding(vocab, D)
  x = tok(ids)
  for i in 0..layers { x = x -> layers[i]: Decoder${n}(4, ${1 + (n % 2)}) }
  x = x -> norm: RMSNorm
  return x @ tok.weight.T
}`;
}
