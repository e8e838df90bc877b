import { Digits } from './digits.arch';

const model = await Digits.create({ provider: 'cpu' });
const { logits } = await model.run({ image: new Float32Array(64) });
export const shape = logits.shape;
await model.dispose();
