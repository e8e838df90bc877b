import { Digits } from './digits.arch';

globalThis.started = (globalThis.started ?? 0) + 1;
let model = await Digits.create({ provider: 'cpu' });

async function show() {
  const { logits } = await model.run({ image: new Float32Array(64) });
  document.title = `[${logits.shape}]`;
}

await show();
import.meta.hot?.accept('./digits.arch', async (next) => {
  const old = model;
  model = await next.Digits.create({ provider: 'cpu' });
  await old.dispose();
  await show();
});
