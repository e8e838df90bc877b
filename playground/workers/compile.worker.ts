// The compiler, in a worker: typing goes on while it works.
import { build, compile, createMemoryHost, view } from 'archc';
import { answer } from './calls.js';
import { trainBlocksIn } from './declarations.js';
import type { Built, BuiltTraining, Measured, Sizes, Source } from './messages.js';

const file = 'model.arch';
/** The largest number of weights for which the page builds files, which it does in memory. */
const mostWeights = 60e6;

answer({
  measure: ({ source, sizes }: { source: Source; sizes: Sizes }) => measured(source, sizes),
  build: ({ source }: { source: Source }) => built(source),
  buildOpenTraining: ({ source, train }: { source: Source; train: string }) => openTraining(source, train),
  buildTraining: (request: { source: Source; train: string; target: 'webgpu' | 'wasm'; batch: number }) => builtTraining(request),
});

function hostOf({ text }: Source) {
  return createMemoryHost({ [file]: text });
}

/** Throws for models whose files are too large for a page. */
function demandRoom(source: Source): void {
  const { view: seen } = view(file, hostOf(source), { model: source.model, depth: 0 });
  const count = seen?.entries.reduce((most, { root }) => Math.max(most, root.parameters + root.buffers), 0) ?? 0;
  if (count > mostWeights)
    throw new Error(
      `${seen?.name} has ${Math.round(count / 1e6)} million weights, which is too much for this page: build it on the command line`,
    );
}

/** The costs and signatures for these sizes, and ordinary ones for all others. Throws for a text with mistakes. */
function measured(source: Source, given: Sizes): Measured {
  const ordinary = ordinarySizes(source);
  const open = compile(file, hostOf(source), { model: source.model });
  if (open.model === undefined) throw new Error(firstError(open.diagnostics));
  const names = new Set(open.model.entries.flatMap(({ signature }) => signature.dims));
  const bind: Record<string, number> = {};
  for (const name of names) bind[name] = given[name] ?? ordinary[name] ?? 1;
  const { model, diagnostics } = compile(file, hostOf(source), { model: source.model, bind });
  if (model === undefined) throw new Error(firstError(diagnostics));
  return { sizes: bind, entries: model.entries.map((entry) => ({ name: entry.name, signature: entry.signature, cost: entry.cost() })) };
}

/** Sizes that satisfy what the model states. */
function ordinarySizes(source: Source): Sizes {
  const entries = view(file, hostOf(source), { model: source.model, depth: 0 }).view?.entries ?? [];
  return Object.assign({}, ...entries.map(({ sizes }) => sizes));
}

function built(source: Source): Built {
  demandRoom(source);
  const { artifacts, manifest, diagnostics } = build(file, hostOf(source), { model: source.model });
  if (artifacts === undefined || manifest === undefined) throw new Error(firstError(diagnostics));
  return { artifacts, manifest };
}

function openTraining(source: Source, train: string): Pick<BuiltTraining, 'artifacts'> {
  demandRoom(source);
  const { artifacts, diagnostics } = build(file, hostOf(source), { train, target: 'webgpu' });
  if (artifacts === undefined) throw new Error(firstError(diagnostics));
  return { artifacts };
}

/** The files of a training for batches of this many examples, with short sequences if the model takes any. */
function builtTraining({ source, train, target, batch }: { source: Source; train: string; target: 'webgpu' | 'wasm'; batch: number }) {
  const { text } = source;
  const model = trainBlocksIn(text).find(({ name }) => name === train)?.model;
  demandRoom({ text, model });
  const ordinary = measured({ text, model }, {}).sizes;
  const isBatch = (name: string) => name === 'N' || name === 'B' || name.startsWith('batch');
  const sizesUpTo = (most: number): Sizes =>
    Object.fromEntries(Object.entries(ordinary).map(([name, size]) => [name, isBatch(name) ? batch : Math.min(size, most)]));
  let problem = '';
  for (const sizes of [sizesUpTo(16), sizesUpTo(64), sizesUpTo(Number.POSITIVE_INFINITY)]) {
    const { artifacts, diagnostics } = build(file, hostOf(source), { train, target, bind: sizes });
    const json = artifacts?.find(({ name }) => name.endsWith('.train.json'));
    if (artifacts !== undefined && json !== undefined)
      return { artifacts, training: JSON.parse(new TextDecoder().decode(json.bytes)), sizes } satisfies BuiltTraining;
    problem = firstError(diagnostics);
  }
  throw new Error(problem);
}

function firstError(diagnostics: readonly { readonly severity: string; readonly message: string }[]): string {
  return diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'the model cannot be built';
}
