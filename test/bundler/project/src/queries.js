import bytes from './digits.arch?inline';
import { Fit } from './digits.arch?train=Fit';
import url, { files, manifest } from './digits.arch?url';

console.log(JSON.stringify({ url: String(url), files: Object.keys(files), name: manifest.name, size: bytes.length, head: bytes[0] }));
const trainer = await Fit.create({ lr: 0.1, provider: 'cpu' });
const { loss } = await trainer.step({ image: new Float32Array(64), labels: [3] });
console.log(JSON.stringify({ loss }));
await trainer.dispose();
