// Builds the library in the current folder with Vite, and prints how many milliseconds that takes.
import archc from 'archc/vite';
import { build } from 'vite';

const start = performance.now();
await build({
  configFile: false,
  logLevel: 'silent',
  plugins: [archc()],
  build: { lib: { entry: process.argv[2], formats: ['es'], fileName: 'library' }, rolldownOptions: { external: /^archc/ } },
});
console.log(performance.now() - start);
