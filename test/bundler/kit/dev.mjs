// Starts the development server of Vite in the current folder, and prints its address and what a program of the server's side says.
import archc from 'archc/vite';
import { createServer } from 'vite';

const server = await createServer({
  configFile: false,
  logLevel: 'silent',
  base: '/app/',
  plugins: [archc({ externalData: 'always' })],
  server: { port: 0, headers: { 'cross-origin-resource-policy': 'same-origin' }, fs: { strict: false } },
});
await server.listen();
const { shape } = await server.ssrLoadModule('/src/on-server.js');
console.log(JSON.stringify({ url: server.resolvedUrls.local[0], shape }));
