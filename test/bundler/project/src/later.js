import { Digits } from './digits.arch';

Digits.create({ provider: 'cpu' }).then(async (model) => {
  console.log(JSON.stringify((await model.run({ image: new Float32Array(64) })).logits.shape));
});
