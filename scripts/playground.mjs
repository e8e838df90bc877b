// `npm run playground` starts the playground. `npm run playground:build` writes it as a static site, to playground/dist or to the folder after `--out`; with `-- --preview`, it also serves the site.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, createServer, preview } from 'vite';
import { site, siteFolder } from '../playground/site.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: siteFolder }, preview: { type: 'boolean', default: false } },
});
const config = site({ outDir: resolve(values.out) });

if (positionals.includes('build')) {
  await build(config);
  if (values.preview) (await preview(config)).printUrls();
} else {
  const server = await createServer(config);
  await server.listen();
  server.printUrls();
}
