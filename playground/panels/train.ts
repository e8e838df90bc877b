import { button, byId, element, setChoices } from '../page/dom.js';
import { milliseconds, plain } from '../page/numbers.js';
import { say } from '../page/status.js';
import type { Compiler, Runner } from '../workers/clients.js';
import { trainBlocksIn } from '../workers/declarations.js';
import type { Source, StepDone, TrainingResult } from '../workers/messages.js';
import { curveOf } from './charts.js';
import { sizesOf } from './cost.js';
import { onFirst, type Provider, providerChoice, providerNames, threadsNote } from './devices.js';
import { fileLink } from './files.js';

/** How many examples a batch has. */
const batch = 16;
/** The steps after which a training ends on its own. */
const mostSteps = 100;

/** Takes steps of a `train` block with a made-up batch. */
export class TrainPanel {
  readonly #compiler: Compiler;
  readonly #runner: Runner;
  readonly #source: () => Source;
  readonly #provider = providerChoice();
  readonly #block = element('select', { name: 'train' });
  readonly #rate = element('input', { type: 'number', name: 'lr', min: '0', step: 'any', value: '0.003' });
  readonly #rateField = element('label', { class: 'field' }, element('span', {}, 'Learning rate'), this.#rate);
  readonly #start = button('Train', () => void this.#toggle(), { class: 'primary', id: 'train' });
  readonly #none = element('div', { class: 'empty' });
  readonly #some = element('div');
  readonly #results = element('div', { class: 'results' });
  readonly #curve = element('div');
  readonly #said = element('p', { class: 'hint-line', 'aria-live': 'polite' });
  #losses: number[] = [];
  #isTraining = false;

  constructor(compiler: Compiler, runner: Runner, source: () => Source) {
    this.#compiler = compiler;
    this.#runner = runner;
    this.#source = source;
    const field = (title: string, input: HTMLElement) => element('label', { class: 'field' }, element('span', {}, title), input);
    this.#none.append(element('p', {}, 'This model has no train block. Add one, such as'), element('pre', {}, sample));
    this.#some.append(
      element('div', { class: 'controls' }, field('Training', this.#block), this.#rateField, field('Run on', this.#provider), this.#start),
      ...[threadsNote()].filter((note) => note !== undefined),
      element(
        'p',
        { class: 'hint-line' },
        `The data are made up: one batch of ${batch} random examples with random labels, the same in each step. The model can only learn it by heart, so the loss falls if the training works.`,
      ),
      this.#results,
    );
    this.#results.append(this.#curve, this.#said);
    byId('panel-train').append(this.#none, this.#some);
    this.#block.addEventListener('change', () => this.follow());
  }

  /** What is shown is of a text before. */
  changed(): void {
    this.#results.classList.toggle('stale', !this.#isTraining && this.#losses.length > 0);
    this.follow();
  }

  /** Offers the `train` blocks of the present text. */
  follow(): void {
    const blocks = trainBlocksIn(this.#source().text);
    const names = blocks.map(({ name }) => name);
    if ([...this.#block.options].map(({ value }) => value).join() !== names.join()) setChoices(this.#block, names, names[0]);
    this.#none.hidden = names.length > 0;
    this.#some.hidden = names.length === 0;
    this.#rateField.hidden = blocks.find(({ name }) => name === this.#block.value)?.hasRate !== true;
  }

  async #toggle(): Promise<void> {
    if (this.#isTraining) {
      this.#said.textContent = 'Stopping after this step …';
      return this.#runner.stopTraining();
    }
    this.#isTraining = true;
    this.#results.classList.remove('stale');
    this.#start.textContent = 'Stop';
    this.#said.textContent = 'Preparing …';
    try {
      const refused = (reason: string) => say(reason);
      const { result, name } = await onFirst(this.#runner, this.#provider.value, (provider) => this.#train(provider), refused);
      this.#finished(result, name);
    } catch (error) {
      this.#said.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.#isTraining = false;
      this.#start.textContent = 'Train';
    }
  }

  async #train(provider: Provider): Promise<{ readonly result: TrainingResult; readonly name: string }> {
    const target = provider === 'webgpu' ? 'webgpu' : 'wasm';
    const { artifacts, training, sizes } = await this.#compiler.buildTraining(this.#source(), this.#block.value, target, batch);
    this.#losses = [];
    this.#curve.replaceChildren();
    this.#said.textContent = `Loading the training for ${sizesOf(sizes)} …`;
    const files = Object.fromEntries(artifacts.map((file) => [file.name, file.bytes]));
    const rate = training.hasRate ? this.#rate.valueAsNumber : undefined;
    const result = await this.#runner.train({ files, training, provider, rate, steps: mostSteps }, (step) => this.#stepped(step));
    return { result, name: training.inference.file };
  }

  #stepped({ step, loss, metrics, milliseconds: time }: StepDone): void {
    this.#losses.push(loss);
    this.#curve.replaceChildren(curveOf(this.#losses));
    const others = Object.entries(metrics).map(([name, value]) => `, ${name} ${plain(value)}`);
    this.#said.textContent = `Step ${step}: loss ${plain(loss)}${others.join('')}, ${milliseconds(time)}`;
  }

  #finished({ provider, onnx }: TrainingResult, name: string): void {
    const [first, last] = [this.#losses[0], this.#losses.at(-1)];
    const fell = first === undefined || last === undefined ? '' : `: the loss went from ${plain(first)} to ${plain(last)}`;
    const text = `${this.#losses.length} steps on ${providerNames[provider]}${fell}. `;
    this.#said.replaceChildren(text, fileLink(name, onnx, 'Download the trained model'));
  }
}

const sample = `train Finetune for Net {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels)
  optimizer adamw(lr = 1e-3)
}`;
