import { button, byId, element, setChoices } from '../page/dom.js';
import { firstModel } from '../page/first-model.js';
import { say } from '../page/status.js';
import type { Compiler, Runner } from '../workers/clients.js';
import type { Measured, Run, Sizes, Source } from '../workers/messages.js';
import { onFirst, providerChoice, threadsNote } from './devices.js';
import { resultsOf } from './outputs.js';

/** Runs the model with random inputs, and shows what it gives. */
export class RunPanel {
  readonly #compiler: Compiler;
  readonly #runner: Runner;
  readonly #source: () => Source;
  readonly #provider = providerChoice();
  readonly #entry = element('select', { name: 'entry' });
  readonly #entryField = element('label', { class: 'field' }, element('span', {}, 'Entry'), this.#entry);
  readonly #sizes = element('div', { class: 'sizes', role: 'group', 'aria-label': 'Sizes' });
  readonly #start = button('Run', () => (this.#isRunning ? this.#runner.stop() : void this.run()), { class: 'primary' });
  readonly #results = element(
    'div',
    { class: 'results', 'aria-live': 'polite' },
    element('p', { class: 'hint-line' }, 'Run takes random inputs.'),
  );
  readonly #notes = element('div', { class: 'notes' });
  #isRunning = false;
  #runs = 0;

  constructor(compiler: Compiler, runner: Runner, source: () => Source) {
    this.#compiler = compiler;
    this.#runner = runner;
    this.#source = source;
    this.#entryField.hidden = true;
    const provider = element('label', { class: 'field' }, element('span', {}, 'Run on'), this.#provider);
    byId('panel-run').append(
      element('div', { class: 'controls' }, this.#sizes, this.#entryField, provider, this.#start),
      ...[threadsNote()].filter((note) => note !== undefined),
      this.#notes,
      this.#results,
    );
  }

  /** The sizes that the reader has chosen. */
  get sizes(): Sizes {
    const fields = [...this.#sizes.querySelectorAll('input')].filter(({ dataset }) => dataset.changed !== undefined);
    return Object.fromEntries(fields.map(({ name, valueAsNumber }) => [name, valueAsNumber]));
  }

  /** Has fields for the sizes and entries of another text. */
  follow({ sizes, entries }: Measured): void {
    const fields = [...this.#sizes.querySelectorAll('input')];
    if (fields.map(({ name }) => name).join() !== Object.keys(sizes).join()) {
      this.#sizes.replaceChildren(...Object.entries(sizes).map(([name, size]) => sizeField(name, size)));
    } else for (const field of fields) if (field.dataset.changed === undefined) field.value = String(sizes[field.name]);
    const names = entries.map(({ name }) => name);
    if ([...this.#entry.options].map(({ value }) => value).join() !== names.join()) setChoices(this.#entry, names, names[0]);
    this.#entryField.hidden = names.length < 2;
  }

  /** What is shown is of a text before. */
  changed(): void {
    this.#results.classList.toggle('stale', this.#results.querySelector('.card') !== null);
  }

  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#start.textContent = 'Stop';
    this.#notes.replaceChildren();
    this.#results.classList.remove('stale');
    this.#results.setAttribute('aria-busy', 'true');
    try {
      const result = await onFirst(
        this.#runner,
        this.#provider.value,
        async (provider) => this.#runner.run({ ...(await this.#prepared()), provider, seed: ++this.#runs }),
        (reason) => this.#notes.append(element('p', { class: 'hint-line' }, reason)),
      );
      this.#results.replaceChildren(...resultsOf(result));
      say('The model has run');
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#results.replaceChildren(element('p', { class: 'failure' }, text === 'stopped' ? 'Stopped.' : text));
    } finally {
      this.#isRunning = false;
      this.#start.textContent = 'Run';
      this.#results.removeAttribute('aria-busy');
    }
  }

  async #prepared(): Promise<Omit<Run, 'provider' | 'seed'>> {
    const source = this.#source();
    const measured = await this.#compiler.measure(source, this.sizes);
    this.follow(measured);
    const { name, signature } = measured.entries.find((entry) => entry.name === this.#entry.value) ?? measured.entries[0] ?? never();
    // The plugin has compiled the first model already.
    if (source.text === firstModel.text) return { files: firstModel.files, manifest: firstModel.manifest, entry: name, signature };
    const { artifacts, manifest } = await this.#compiler.build(source);
    return { files: Object.fromEntries(artifacts.map((file) => [file.name, file.bytes])), manifest, entry: name, signature };
  }
}

function sizeField(name: string, size: number): HTMLElement {
  const input = element('input', { type: 'number', name, min: '0', step: '1', value: String(size) });
  input.addEventListener('input', () => {
    if (Number.isInteger(input.valueAsNumber)) input.dataset.changed = '';
    else delete input.dataset.changed;
  });
  return element('label', { class: 'field' }, element('span', {}, name), input);
}

function never(): never {
  throw new Error('the model has no entry');
}
