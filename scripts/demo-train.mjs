// The last part of `npm run demo`: the CNN learns digits that are drawn from strokes, on ONNX Runtime without its training API. Prints a line a hundred steps.
import { fileURLToPath } from 'node:url';
import { build } from '../dist/index.js';
import { createNodeHost } from '../dist/node.js';
import { Trainer } from '../dist/runtime.js';
import { drawDigits } from './digits.mjs';

const wanted = 0.97;
const [count, batch, steps, peak] = [8000, 32, 400, 2e-3];
const root = fileURLToPath(new URL('..', import.meta.url));
const { artifacts, diagnostics } = build('examples/cnn/model.arch', createNodeHost(root), { train: 'Finetune' });
if (artifacts === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
const files = Object.fromEntries(artifacts.map(({ name, bytes }) => [name, bytes]));
const manifest = JSON.parse(new TextDecoder().decode(files['model.train.json']));

const training = drawDigits(count, { seed: 1 });
const heldOut = drawDigits(1000, { seed: 2, style: 'heldOut' });
const start = performance.now();
const trainer = await Trainer.load(files, manifest, { lr: peak, seed: 1 });
let accuracy = 0;
for (let step = 0; step < steps; step++) {
  trainer.lr = (peak / 2) * (1 + Math.cos((Math.PI * step) / steps));
  const { loss } = await trainer.step(part(training, (step * batch) % count, batch));
  if ((step + 1) % 100 !== 0) continue;
  ({ accuracy } = await trainer.evaluate(parts(heldOut, 250)));
  const seconds = ((performance.now() - start) / 1e3).toFixed(1);
  console.log(`step ${step + 1}  loss ${loss.toFixed(4)}  held-out accuracy ${(100 * accuracy).toFixed(1)} %  ${seconds} s`);
}
await trainer.dispose();
if (accuracy < wanted) throw new Error(`the CNN knows ${(100 * accuracy).toFixed(1)} % of the held-out digits, not ${100 * wanted} %`);

/** The digits from `first` on, as a batch. */
function part({ images, labels }, first, size) {
  const pixels = 3 * 24 * 24;
  return {
    image: { data: images.subarray(first * pixels, (first + size) * pixels), shape: [size, 3, 24, 24] },
    labels: labels.subarray(first, first + size),
  };
}

function* parts(digits, size) {
  for (let first = 0; first < digits.labels.length; first += size) yield part(digits, first, size);
}
