// Images of handwritten-looking digits, drawn from strokes: data to train on that needs no download.

/** The strokes of each digit in a unit square, x to the right and y down; each is a list of points. */
const strokes = [
  [arc(0.5, 0.5, 0.28, 0.42, 0, 360)],
  [
    [
      [0.36, 0.24],
      [0.54, 0.08],
      [0.54, 0.92],
    ],
  ],
  [[...arc(0.5, 0.32, 0.26, 0.24, 190, 400), [0.24, 0.92], [0.78, 0.92]]],
  [arc(0.48, 0.29, 0.24, 0.21, 200, 450), arc(0.48, 0.71, 0.27, 0.21, 270, 520)],
  [
    [
      [0.62, 0.08],
      [0.22, 0.64],
      [0.8, 0.64],
    ],
    [
      [0.62, 0.4],
      [0.62, 0.92],
    ],
  ],
  [[[0.74, 0.08], [0.32, 0.08], [0.29, 0.46], ...arc(0.49, 0.66, 0.26, 0.25, 230, 500)]],
  [[[0.66, 0.08], ...arc(0.5, 0.68, 0.26, 0.24, 200, 560)]],
  [
    [
      [0.22, 0.08],
      [0.78, 0.08],
      [0.42, 0.92],
    ],
  ],
  [arc(0.5, 0.28, 0.21, 0.2, 0, 360), arc(0.5, 0.7, 0.26, 0.22, 0, 360)],
  [
    arc(0.5, 0.32, 0.25, 0.24, 0, 360),
    [
      [0.75, 0.32],
      [0.66, 0.92],
    ],
  ],
];

/** Points of an ellipse between two angles in degrees; 0 is right, 90 is down. */
function arc(x, y, rx, ry, from, to) {
  const count = 14;
  return Array.from({ length: count + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / count) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });
}

/** How far the digits of a set differ from the plain strokes. */
const styles = {
  train: { slant: 0.3, turn: 0.15, scale: [0.7, 1.0], shift: 0.1, thickness: [0.06, 0.13], noise: 0.15 },
  heldOut: { slant: 0.34, turn: 0.17, scale: [0.68, 1.03], shift: 0.11, thickness: [0.055, 0.14], noise: 0.17 },
};

/**
 * `count` digits of `side` x `side` pixels in three equal channels, from 0 (paper) to 1 (ink) with noise: `images` is [count, 3, side, side], `labels` [count]. The same seed
 * gives the same digits. `style` is `train` or `heldOut`, which slants, turns, scales and shifts them more, in more widths and with more noise.
 */
export function drawDigits(count, { seed, style = 'train', side = 24 }) {
  const random = numbers(seed);
  const images = new Float32Array(count * 3 * side * side);
  const labels = new BigInt64Array(count);
  for (let n = 0; n < count; n++) {
    const digit = Math.floor(10 * random());
    labels[n] = BigInt(digit);
    const image = drawDigit(digit, styles[style], random, side);
    for (let channel = 0; channel < 3; channel++) images.set(image, (n * 3 + channel) * side * side);
  }
  return { images, labels };
}

function drawDigit(digit, style, random, side) {
  const between = ([low, high]) => low + (high - low) * random();
  const around = (most) => most * (2 * random() - 1);
  const [slant, turn, dx, dy] = [around(style.slant), around(style.turn), around(style.shift), around(style.shift)];
  const [sx, sy, radius] = [between(style.scale), between(style.scale), between(style.thickness) / 2];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const place = ([x, y]) => {
    const [u, v] = [(x - 0.5) * sx - (y - 0.5) * sy * slant, (y - 0.5) * sy];
    return [0.5 + dx + u * cos - v * sin, 0.5 + dy + u * sin + v * cos];
  };
  const segments = strokes[digit].flatMap((points) => {
    const placed = points.map(place);
    return placed.slice(1).map((end, i) => [placed[i], end]);
  });
  const blur = 0.6 / side;
  return Float32Array.from({ length: side * side }, (_, i) => {
    const point = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side];
    const distance = Math.min(...segments.map((segment) => distanceTo(point, segment)));
    const ink = Math.min(1, Math.max(0, (radius - distance) / blur + 0.5));
    return ink + around(style.noise);
  });
}

function distanceTo([x, y], [[ax, ay], [bx, by]]) {
  const [vx, vy] = [bx - ax, by - ay];
  const length = vx * vx + vy * vy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * vx + (y - ay) * vy) / length));
  return Math.hypot(x - ax - along * vx, y - ay - along * vy);
}

/** Uniform in [0, 1): mulberry32. */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
