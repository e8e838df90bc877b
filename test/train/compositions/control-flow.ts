import { type Composition, fixedSizes } from './composition.js';

export const controlFlow: readonly Composition[] = [
  {
    name: 'a weight in two scans, on both sides of a choice and outside',
    source: `
model M(x: Tensor[N, T, 3], flag: Tensor<bool>[]) -> (y: Tensor[N, T, 3], z: Tensor[N, 3]) {
  param w: Tensor[3, 3] = normal()
  scan a over x axis 1 carry h: Tensor[N, 3] = zeros {
    next h = tanh(a @ w + h)
    emit y = h @ w
  }
  scan b over y axis 1 reverse carry k: Tensor[N, 3] = ones {
    next k = 0.5 * k + sin(b @ w.T)
  }
  z = cond flag { k @ w } else { (k * k) @ w.T }
  return (y = y @ w, z)
}`,
    sizes: [
      { N: 2, T: 4 },
      { N: 1, T: 1 },
      { N: 3, T: 2 },
    ],
  },
  {
    name: 'a weight captured by a choice in a scan in a scan in a choice',
    source: `
model M(x: Tensor[N, T, S], flag: Tensor<bool>[]) -> (y: Tensor[N]) {
  param w: Tensor[4] = normal()
  param v: Tensor[] = normal()
  y = cond flag {
    scan row over x axis 1 carry h: Tensor[N] = zeros {
      scan item over row axis 1 carry c: Tensor[N] = h {
        next c = cond sum(item) > 0.0 { tanh(c * v + item) } else { c + item * v * sum(w) }
      }
      next h = 0.5 * h + c * v
    }
    h
  } else { sum(x, axis = [1, 2]) * v }
  return y * sum(w)
}`,
    sizes: [
      { N: 2, T: 3, S: 2 },
      { N: 1, T: 1, S: 1 },
      { N: 2, T: 2, S: 5 },
    ],
  },
  {
    name: 'carries that are passed through, exchanged, and never read',
    source: `
model M(x: Tensor[T, 3], a0: Tensor[3], b0: Tensor[3], c0: Tensor[3], d0: Tensor[3]) -> (a: Tensor[3], b: Tensor[3], c: Tensor[3], y: Tensor[T, 3]) {
  scan item over x axis 0 carry a: Tensor[3] = a0, b: Tensor[3] = b0, c: Tensor[3] = c0, d: Tensor[3] = d0 {
    next a = b
    next b = a
    next d = d * item
    emit y = item * c
  }
  return (a, b, c, y)
}`,
    sizes: [{ T: 1 }, { T: 2 }, { T: 5 }],
  },
  {
    name: 'a scan whose last carry is not used, and one whose emits are not',
    source: `
model M(x: Tensor[T, 3]) -> (y: Tensor[T, 3], k: Tensor[3]) {
  param w: Tensor[3] = normal()
  scan item over x axis 0 carry h: Tensor[3] = w {
    next h = sin(h * item)
    emit y = h + w
  }
  scan item over x axis 0 carry k: Tensor[3] = h * 0.0 + w {
    next k = cos(k + item * w)
    emit unused = k * k
  }
  return (y, k)
}`,
    sizes: [{ T: 1 }, { T: 4 }],
  },
  {
    name: 'a scan that emits an operand, a carry and a captured value as they are, and one of them twice',
    source: `
model M(x: Tensor[T, 3], w: Tensor[3]) -> (a: Tensor[T, 3], b: Tensor[T, 3], c: Tensor[T, 3], d: Tensor[T, 3], h: Tensor[3]) {
  scan item over x axis 0 carry h: Tensor[3] = w {
    next h = item
    emit a = item
    emit b = h
    emit c = w
    emit d = h
  }
  return (a, b, c, d, h)
}`,
    sizes: [{ T: 1 }, { T: 3 }],
  },
  {
    name: 'a scan over one tensor twice, that reads all of it as well, and begins with a part of it',
    source: `
model M(x: Tensor[4, 4]) -> (y: Tensor[4, 4], h: Tensor[4]) {
  scan (a, b) over (x, x) axis (0, 1) carry h: Tensor[4] = x[0] {
    next h = tanh(h + a * b) + sum(x, axis = 0)
    emit y = h @ x
  }
  return (y, h)
}`,
    sizes: fixedSizes,
  },
  {
    name: 'scans of no steps, and of no rows',
    source: `
layer Cell(H: int)(x: Tensor[N, T, D]) -> (y: Tensor[N, T, H], last: Tensor[N, H]) where T >= 0, N >= 0 {
  param w: Tensor[D, H] = normal()
  param start: Tensor[H] = normal()
  scan a over x axis 1 carry h: Tensor[N, H] = expand(start, [N, H]) {
    next h = tanh(a @ w + h)
    emit y = h * start
  }
  return (y, last = h)
}
model M(x: Tensor[N, T, 3]) -> (y: Tensor[N, T, 4], last: Tensor[N, 4]) where T >= 0, N >= 0 { return x -> cell: Cell(4) }`,
    sizes: [
      { N: 2, T: 0 },
      { N: 0, T: 3 },
      { N: 0, T: 0 },
      { N: 2, T: 1 },
    ],
  },
  {
    name: 'a scan of no steps whose carry is a weight, twice',
    source: `
model M(x: Tensor[T, 3]) -> (y: Tensor[T, 3], h: Tensor[3], k: Tensor[3]) where T >= 0 {
  param w: Tensor[3] = normal()
  param v: Tensor[3] = normal()
  scan a over x axis 0 carry h: Tensor[3] = w, k: Tensor[3] = w {
    next h = h * v + a
    next k = k * h
    emit y = cond sum(h) > 0.0 { k * v } else { sin(k) }
  }
  return (y, h, k)
}`,
    sizes: [{ T: 0 }, { T: 1 }, { T: 3 }],
  },
  {
    name: 'a scan whose gradient reads nothing at its steps',
    source: `
model M(x: Tensor[T], a: Tensor[3]) -> (h: Tensor[3], k: Tensor[3]) where T >= 0 {
  param w: Tensor[3] = normal()
  scan item over x axis 0 carry h: Tensor[3] = a, k: Tensor[3] = w {
    next h = h + w
    next k = k * 0.5
  }
  return (h = sin(h), k)
}`,
    sizes: [{ T: 0 }, { T: 1 }, { T: 4 }],
  },
  {
    name: 'whole carries that count, choose and index',
    source: `
model M(x: Tensor[T, 3], table: Tensor[3, 3], start: Tensor<i64>[]) -> (y: Tensor[T, 3], h: Tensor[3], k: Tensor<i64>[]) {
  scan a over x axis 0 carry h: Tensor[3] = zeros, k: Tensor<i64>[] = start {
    row = gather(table, k, axis = 0)
    next h = cond k > 0 { tanh(h + a * row) } else { h - row }
    next k = (k + 1) % 3
    emit y = h * cast(k, f32)
  }
  return (y, h, k)
}`,
    sizes: [{ T: 1 }, { T: 2 }, { T: 7 }],
  },
  {
    name: 'a choice that gives captured values as they are, one of them twice, and one side that gives numbers',
    source: `
model M(x: Tensor[3], y: Tensor[3], flag: Tensor<bool>[]) -> (a: Tensor[3], b: Tensor[3], c: Tensor[3]) {
  param w: Tensor[3] = normal()
  (a, b, c) = cond flag { (x, x, w) } else { (y, x * w, ones([3])) }
  return (a, b, c)
}`,
    sizes: [{}, {}, {}, {}],
  },
  {
    name: 'a choice whose condition and one side come from the weights, in a choice',
    source: `
model M(x: Tensor[N, 3], flag: Tensor<bool>[]) -> (y: Tensor[N, 3]) {
  param w: Tensor[3] = normal()
  param v: Tensor[3] = normal()
  s = x * w
  return cond flag {
    cond sum(s) > 0.0 { s * s } else { exp(s) * v }
  } else {
    cond sum(w) > 0.0 { s } else { x }
  }
}`,
    sizes: [{ N: 1 }, { N: 2 }, { N: 3 }, { N: 4 }],
  },
  {
    name: 'layers that are shared by a scan, a choice and what is outside',
    source: `
model M(x: Tensor[N, T, 3], flag: Tensor<bool>[]) -> (y: Tensor[N, 3]) {
  fc = Linear(3)
  scan a over x axis 1 carry h: Tensor[N, 3] = fc(x[:, 0]) {
    next h = tanh(fc(h) + a)
  }
  y = cond flag { fc(h) } else { h }
  return y -> fc -> sin
}`,
    sizes: [
      { N: 1, T: 1 },
      { N: 2, T: 3 },
    ],
  },
];
