import { Digits } from './digits.arch';

addEventListener('message', async ({ data }) => {
  const model = await Digits.create();
  postMessage((await model.run({ image: data })).logits.data);
});
