// The language server, measured at the messages of its protocol: what an editor waits for.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LanguageClient } from './language-client.mjs';
import { largeSource } from './large-source.mjs';
import { ratio, times } from './row.mjs';

const transformer = resolve(import.meta.dirname, '../examples/transformer/model.arch');

/** The value that a share of the times does not exceed. */
function percentile(ms, share) {
  const sorted = [...ms].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** A row for a percentile, which is not the median of the times. */
function tail(name, ms, target) {
  return { ...times(name, [percentile(ms, 0.99)], target), runs: ms.length };
}

export async function editor({ folder, quick }) {
  const place = join(folder, 'editor');
  mkdirSync(place);
  // A file of some 1,000 lines that imports another one.
  writeFileSync(join(place, 'parts.arch'), 'layer Part(x: Tensor[*B, D]) -> Tensor[*B, D] {\n  return x -> fc: Linear(D) -> relu\n}\n');
  const source = `import { Part } from "./parts.arch"\n\nlayer Uses(x: Tensor[*B, D]) -> Tensor[*B, D] { return x -> part: Part }\n\n${largeSource(1000)}`;
  const path = join(place, 'large.arch');
  writeFileSync(path, source);
  const lines = source.split('\n').length - 1;
  const rows = [...(await edits(path, source, lines, quick)), ...(await starts(path, lines, quick)), ...(await importers(place, quick))];
  return { title: `Language server, Node ${process.versions.node}, at the messages of the protocol`, rows };
}

/** The first arguments of layers, one in each line. */
function argumentsIn(source) {
  return source.split('\n').flatMap((text, line) => {
    const match = /(?:Linear|Conv2d|LSTM|Embedding)\((\w+)/.exec(text);
    if (match === null) return [];
    const from = match.index + match[0].length - match[1].length;
    return [{ line, from, to: from + match[1].length, word: match[1] }];
  });
}

async function edits(path, source, lines, quick) {
  const uri = pathToFileURL(path).href;
  const client = new LanguageClient();
  await client.initialize(pathToFileURL(resolve(path, '..')).href);
  client.open(uri, source);
  await client.published(uri, 1);
  const places = argumentsIn(source);
  let version = 1;
  const change = async () => {
    // There and back: half of the edits make an unknown name of a known one, as typing does, and the others take it back.
    const place = places[(version * 7) % places.length];
    const ms = [];
    for (const text of [`${place.word}1`, place.word]) {
      version++;
      const start = performance.now();
      client.edit(uri, version, { ...place, to: place.to + (text === place.word ? 1 : 0) }, text);
      await client.published(uri, version);
      ms.push(performance.now() - start);
    }
    return ms;
  };
  for (let i = 0; i < 20; i++) await change();
  const at = (place) => ({ textDocument: { uri }, position: { line: place.line, character: place.from } });
  const found = { edit: [], hover: [], hints: [], completion: [] };
  for (let i = 0; i < (quick ? 30 : 200); i++) {
    found.edit.push(...(await change()));
    const place = places[(i * 13) % places.length];
    // Directly after an edit, as in an editor.
    const screen = { start: { line: Math.max(0, place.line - 30), character: 0 }, end: { line: place.line + 30, character: 0 } };
    found.hints.push(await client.timed('textDocument/inlayHint', { textDocument: { uri }, range: screen }));
    found.hover.push(await client.timed('textDocument/hover', at(place)));
    found.completion.push(await client.timed('textDocument/completion', at(place)));
  }
  const before = client.memory();
  for (let i = 0; i < (quick ? 500 : 5000); i++) await change();
  const after = client.memory();
  await client.close();
  const what = (name) => `${name}, ${lines} lines`;
  return [
    times(what('edit to diagnostics'), found.edit, 20),
    tail(what('edit to diagnostics, 99th percentile'), found.edit, 50),
    times(what('inlay hints of 60 lines after an edit'), found.hints, 10),
    times(what('hover after an edit'), found.hover, 10),
    times(what('completion after an edit'), found.completion, 30),
    { ...ratio(what(`memory after ${quick ? '1,000' : '10,000'} more edits, against before`), after / before), atMost: 1.5 },
  ];
}

/** From the start of the process to the first diagnostics. */
async function starts(large, lines, quick) {
  const measure = async (path) => {
    const uri = pathToFileURL(path).href;
    const client = new LanguageClient();
    const text = readFileSync(path, 'utf8');
    await client.initialize(pathToFileURL(resolve(path, '..')).href);
    client.open(uri, text);
    await client.published(uri, 1);
    const ms = performance.now() - client.started;
    await client.close();
    return ms;
  };
  const [small, whole] = [[], []];
  for (let i = 0; i < (quick ? 3 : 10); i++) {
    small.push(await measure(transformer));
    whole.push(await measure(large));
  }
  return [
    times('start to first diagnostics, examples/transformer', small, 400),
    times(`start to first diagnostics, ${lines} lines`, whole, 700),
  ];
}

/** Edits of a file that ten open ones import: until all of them have their diagnostics. */
async function importers(place, quick) {
  const shared = join(place, 'shared.arch');
  const sharedUri = pathToFileURL(shared).href;
  const text = 'layer Shared(x: Tensor[*B, D]) -> Tensor[*B, D] {\n  return x -> fc: Linear(D, bias = true) -> relu\n}\n';
  writeFileSync(shared, text);
  const client = new LanguageClient();
  await client.initialize(pathToFileURL(place).href);
  client.open(sharedUri, text);
  const users = Array.from({ length: 10 }, (_, i) => pathToFileURL(join(place, `user${i}.arch`)).href);
  for (const [i, uri] of users.entries()) {
    client.open(
      uri,
      `import { Shared } from "./shared.arch"\n\nmodel User${i}(x: Tensor[N, ${8 + i}]) -> (y: Tensor[N, ${8 + i}]) {\n  for j in 0..12 { x = x -> blocks[j]: Shared }\n  return x\n}\n`,
    );
    await client.published(uri, 1);
  }
  const found = [];
  let version = 1;
  for (let i = 0; i < (quick ? 10 : 60); i++) {
    version++;
    const start = performance.now();
    const isFirst = i % 2 === 0;
    client.edit(sharedUri, version, { line: 1, from: 33, to: isFirst ? 37 : 38 }, isFirst ? 'false' : 'true');
    // Documents that were not edited keep their version.
    const all = users.map((uri) => client.again(uri));
    await Promise.all([client.published(sharedUri, version), ...all]);
    found.push(performance.now() - start);
  }
  await client.close();
  return [times('edit of a file that ten open ones import, until all have their diagnostics', found, 100)];
}
