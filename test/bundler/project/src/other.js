import { Shared } from '@models/shared/shared.arch';

const model = await Shared.create({ provider: 'cpu' });
const { y } = await model.run({ x: [[1, 2, 3, 4]] });
console.log(JSON.stringify({ shape: y.shape }));
await model.dispose();
