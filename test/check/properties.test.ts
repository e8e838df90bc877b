import { describe, expect, it } from 'vitest';
import { interpreter } from '../../src/2-check/interpreter.js';
import { definitionOf } from '../../src/2-check/layers/check-declaration.js';
import { ModuleLoader } from '../../src/2-check/modules/modules.js';
import { Session } from '../../src/2-check/session.js';
import type { CompileOptions } from '../../src/compile.js';
import { Report } from '../../src/diagnostics/report.js';
import { defaultLimits } from '../../src/limits.js';
import { createMemoryHost } from '../../src/memory-host.js';
import type { TensorType } from '../../src/ops/types.js';
import { preludeFileOf, standardFile } from '../../src/stdlib.js';
import { shippedSources } from '../kit/broken-source.js';
import { inputSizes, type LayerDraw, layerDraws, modelSource } from '../kit/layer-draws.js';
import { builtModel, randomInputs } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';
import { compileText, complaints, modelOf, rendered } from '../kit/source.js';

const ort = useOrt();
const kinds = Object.keys(layerDraws);

/** Draw `index` of a kind of layer, always the same. */
function drawn(kind: string, index: number): LayerDraw {
  const draw = layerDraws[kind];
  if (draw === undefined) throw new Error(kind);
  return draw(randomNumbers(1000 * kinds.indexOf(kind) + index));
}

function shapes(types: readonly { readonly type: TensorType }[], sizes: Readonly<Record<string, number>>): readonly string[] {
  const env = new Map(Object.entries(sizes));
  return types.map(({ type }) => `${type.dtype}[${type.shape.map((d) => d.evaluate(env))}]`);
}

/** What the model with symbolic sizes says for these sizes is what the model built for them says. */
function commutes(source: string, sizes: Readonly<Record<string, number>>, options: CompileOptions = {}): void {
  const symbolic = modelOf(source, options);
  const concrete = modelOf(source, { ...options, bind: sizes });
  expect(shapes(symbolic.onnx.outputs, sizes), source).toEqual(shapes(concrete.onnx.outputs, {}));
  expect(
    shapes(
      symbolic.onnx.parameters.map((p) => p.parameter),
      {},
    ),
  ).toEqual(
    shapes(
      concrete.onnx.parameters.map((p) => p.parameter),
      {},
    ),
  );
}

/** ONNX Runtime runs the model built for these sizes, and finds the shapes that archc says. */
async function runs(source: string, options: CompileOptions): Promise<void> {
  const { model, bytes } = builtModel(source, options);
  const outputs = await ort.run(bytes, randomInputs(model));
  const got = model.onnx.outputs.map(({ name }) => `${outputs[name]?.dtype}[${outputs[name]?.shape}]`);
  expect(got, source).toEqual(shapes(model.onnx.outputs, {}));
}

describe('sizes as names and as numbers', () => {
  it.each(kinds)('%s has the same types, and ONNX Runtime the same shapes', async (kind) => {
    for (let i = 0; i < 6; i++) {
      const draw = drawn(kind, i);
      const source = modelSource(draw);
      const sizes = inputSizes(draw);
      commutes(source, sizes);
      if (i < 2) await runs(source, { bind: sizes });
    }
  });

  // Smaller than they are by default where drawing the weights would take longer than all else.
  const examples: Readonly<Record<string, { readonly sizes: Readonly<Record<string, number>>; readonly options?: CompileOptions }>> = {
    cnn: { sizes: { N: 2 } },
    lenet: { sizes: { N: 3 } },
    lstm: { sizes: { N: 2, T: 5 } },
    gpt2: { sizes: { N: 1, T: 7 }, options: { set: { vocab: '50', positions: '16', D: '24', layers: '2', heads: '3' } } },
    transformer: { sizes: { N: 2, T: 5 } },
    resnet: { sizes: { N: 1, H: 64, W: 96 }, options: { model: 'ResNet', set: { block: 'Bottleneck', depths: '[1, 1, 1, 1]' } } },
    unet: { sizes: { N: 1, H: 32, W: 48 } },
  };
  it.each(Object.entries(examples))(
    'examples/%s',
    async (name, { sizes, options = {} }) => {
      const source = shippedSources().find((s) => s.name === `examples/${name}/model.arch`)?.text ?? '';
      commutes(source, sizes, options);
      await runs(source, { ...options, bind: sizes });
    },
    60_000,
  );
});

describe('a declaration and its uses', () => {
  it.each(kinds)('%s: what is accepted on its own fits every use', (kind) => {
    for (let i = 0; i < 15; i++) {
      const draw = drawn(kind, 100 + i);
      const path = preludeFileOf(draw.layer);
      const library = path === undefined ? draw.source : (standardFile(path)?.text ?? '');
      const main = `import { ${draw.layer} } from "./lib.arch"\n${modelSource({ ...draw, source: '' })}`;
      const definition = definitionIn(library, draw.layer);
      expect(definition.broken).toBe(false);
      const result = compileText({ 'main.arch': main, 'lib.arch': library }, { bind: inputSizes(draw) });
      expect(complaints(result), `${main}\n${rendered(result)}`).toEqual([]);
    }
  });
});

function definitionIn(text: string, layer: string) {
  const report = new Report();
  const loader = new ModuleLoader(createMemoryHost({ 'lib.arch': text }), report, defaultLimits);
  const module = loader.entry('lib.arch');
  const session = new Session({ loader, report, limits: defaultLimits, float: 'f32', training: false });
  const decl = module.decls.get(layer);
  if (decl?.kind !== 'layer' && decl?.kind !== 'fn') throw new Error(`there is no ${layer}`);
  const definition = definitionOf(session, interpreter, decl, module);
  if (definition === 'checking') throw new Error('unfinished');
  return definition;
}
