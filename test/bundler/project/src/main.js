import { Digits } from './digits.arch';

const model = await Digits.create({ provider: 'cpu' });
const { logits } = await model.run({ image: { data: new Float32Array(2 * 64).fill(0.5), shape: [2, 1, 8, 8] } });
console.log(JSON.stringify({ shape: logits.shape, first: logits.data[0], files: model.manifest.entries.map(({ file }) => file) }));
await model.dispose();
