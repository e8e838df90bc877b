import { describe, expect, it } from 'vitest';
import type { CompiledEntry, CompileResult } from '../../src/compile.js';
import { builtModel, randomInputs, sizesOfStates, wrongShapes } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { programFiles, programsOf } from '../kit/programs.js';
import { compileText, complaints, programOf, rendered } from '../kit/source.js';

const ort = useOrt();

function summary(result: CompileResult): string {
  if (result.model === undefined) return complaints(result).join(' ');
  const { entries, parameters } = result.model;
  const types = entries.map(({ name, onnx }) => {
    const outputs = onnx.outputs.map((o) => `${o.name}: ${o.type.dtype}[${o.type.shape.join(', ')}]`).join(', ');
    return entries.length === 1 ? outputs : `${name} ${outputs}`;
  });
  return types.join('; ') + (parameters.length === 0 ? '' : ` with ${parameters.map((p) => p.name).join(' ')}`);
}

/** Sizes for every open size of the inputs: multiples of 12, so that what has to divide does. */
function sizesOf(entry: CompiledEntry): Readonly<Record<string, number>> {
  const all = entry.onnx.inputs.flatMap((i) => i.type.shape.flatMap((d) => [...d.variables()]));
  const names = [...new Set(all)].filter((name) => !sizesOfStates(entry).has(name)).sort();
  return Object.fromEntries(names.map((name, i) => [name, 12 * (i + 1)]));
}

describe.each(programFiles)('%s', (file) => {
  const programs = programsOf(file);

  it.each(programs.map((p) => [`${p.title} ${JSON.stringify(p.options)}`, p] as const))('%s', (_, program) => {
    const result = compileText(program.files, program.options);
    const warnings = file === 'warnings.txt' && result.model !== undefined ? complaints(result) : [];
    const warned = warnings.length === 0 ? '' : ` warns ${warnings.join(' ')}`;
    expect(summary(result) + warned, rendered(result)).toBe(program.expected);
    expect(result.diagnostics.filter((d) => d.span.file.startsWith('std/'))).toEqual([]);
  });

  it('runs on ONNX Runtime where it is right, with the shapes that it says', async () => {
    // Operators of other domains, and tensors without elements, are nothing that can be run here.
    const right = programs.filter(
      (p) => p.expected.includes(': ') && !/com\.example|\b0[,\]]/.test(`${p.files['main.arch']} ${p.expected}`),
    );
    for (const program of right) {
      for (const entry of programOf(program.files, program.options).entries) {
        const bind = { ...program.options.bind, ...sizesOf(entry) };
        const { model, bytes } = builtModel(program.files, { ...program.options, entry: entry.name, bind });
        const outputs = await ort.run(bytes, randomInputs(model)).catch((error: Error) => {
          throw new Error(`${program.title}: ${error.message}`);
        });
        expect(wrongShapes(model, outputs, sizesOfStates(model)), program.title).toEqual([]);
      }
    }
  }, 60_000);
});
