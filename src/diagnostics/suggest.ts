/** Names that users of other frameworks write. */
const aliases: Readonly<Record<string, string>> = {
  dense: 'Linear',
  fullyconnected: 'Linear',
  conv: 'Conv2d',
  deconv2d: 'ConvTranspose2d',
  conv2dtranspose: 'ConvTranspose2d',
  batchnorm: 'BatchNorm2d',
  batchnormalization: 'BatchNorm2d',
  layernormalization: 'LayerNorm',
  multiheadselfattention: 'MultiheadAttention',
  leakyrelu: 'leaky_relu',
  swish: 'silu',
  maxpooling2d: 'max_pool2d',
  maxpool: 'max_pool2d',
  avgpool: 'avg_pool2d',
  permute: 'transpose',
  view: 'reshape',
  cat: 'concat',
  chunk: 'split',
  dim: 'axis',
  keepdim: 'keep',
  kernelsize: 'kernel',
  numheads: 'heads',
  nhead: 'heads',
  outfeatures: 'out',
  outchannels: 'out',
  concatenate: 'concat',
  matmul: '@',
  ndarray: 'Tensor',
  float: 'f32',
  float32: 'f32',
  half: 'f16',
  float16: 'f16',
  bfloat16: 'bf16',
  double: 'f64',
  float64: 'f64',
  long: 'i64',
  int64: 'i64',
  int32: 'i32',
  bilinear: 'linear',
  trilinear: 'linear',
  bicubic: 'cubic',
  replicate: 'edge',
  circular: 'wrap',
};

/**
 * The candidates that `name` was probably meant to be, best first, at most four: the same letters with other case or underscores, then the
 * archc word for a name of another framework, then names a few typing mistakes away. A layer comes before the operator with its letters for a name that begins as
 * layers do, and vice versa.
 */
export function suggest(name: string, candidates: Iterable<string>): readonly string[] {
  const sorted = [...new Set(candidates)].filter((candidate) => candidate !== name).sort();
  const folded = fold(name);
  const alias = Object.hasOwn(aliases, folded) ? aliases[folded] : undefined;
  const ranked: { readonly candidate: string; readonly rank: number }[] = [];
  const limit = Math.max(1, Math.floor(name.length / 3));
  for (const candidate of sorted) {
    if (fold(candidate) === folded) ranked.push({ candidate, rank: isCapital(candidate) === isCapital(name) ? 0 : 1.5 });
    else if (candidate === alias) ranked.push({ candidate, rank: 1 });
    else if (Math.abs(candidate.length - name.length) <= limit) {
      const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
      if (distance <= limit && distance < Math.max(name.length, candidate.length)) ranked.push({ candidate, rank: 1 + distance });
    }
  }
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, 4)
    .map(({ candidate }) => candidate);
}

function isCapital(name: string): boolean {
  return /^[A-Z]/.test(name);
}

/** `nn.Conv_2D` and `conv2d` are the same to a reader in a hurry. The dots of a parameter's name, `fc.weight`, are kept. */
function fold(name: string): string {
  return name
    .replace(/^(?:(?:torch|nn|functional|F|tf|keras|layers|jnp|np)\.)+(?!.*\.)/, '')
    .replaceAll('_', '')
    .toLowerCase();
}

/** Insertions, deletions, replacements and swaps of neighbors that turn `a` into `b` (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
