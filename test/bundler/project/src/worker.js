import { Digits } from './digits.arch';

addEventListener('message', async ({ data }) => {
  const model = await Digits.create({ provider: 'cpu' });
  postMessage((await model.run({ image: data })).logits.shape);
});
