import type { ModelManifest } from '../../api/model-manifest.js';
import type { AnyInputs, CallOptions, Model, ModelEntry } from '../../api/runtime.js';

/** The entries of a model by name. */
export function entriesOf(model: Pick<Model, 'call'>, { entries }: ModelManifest): Readonly<Record<string, ModelEntry>> {
  return Object.fromEntries(entries.map(({ signature: { entry } }) => [entry, entryOf(model, entry)]));
}

function entryOf(model: Pick<Model, 'call'>, entry: string): ModelEntry {
  return {
    run: (inputs, options) => model.call(entry, inputs, options),
    async *steps(first, next, options) {
      let inputs: AnyInputs | undefined = first;
      for (let index = 0; inputs !== undefined; index++) {
        demandOpen(options);
        const outputs = await model.call(entry, inputs, options);
        yield outputs;
        inputs = await next(outputs, index);
      }
    },
  };
}

/** Throws the reason of a signal that was aborted between two calls. */
function demandOpen({ signal }: CallOptions = {}): void {
  if (signal?.aborted === true) throw signal.reason;
}

/** The model with the members that a module declares: `run` and `steps` of its only entry, or an object with both for each of several. */
export function withEntries(model: Model): Model {
  const { forward, ...others } = model.entries;
  const own = forward !== undefined && Object.keys(others).length === 0 ? forward : model.entries;
  // Names such as `__proto__` are those of entries, too.
  for (const [name, value] of Object.entries(own)) Object.defineProperty(model, name, { value, enumerable: true });
  return model;
}
