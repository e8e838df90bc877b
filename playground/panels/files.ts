import { button, byId, element } from '../page/dom.js';
import { short } from '../page/numbers.js';
import type { Compiler } from '../workers/clients.js';
import { trainBlocksIn } from '../workers/declarations.js';
import type { Source } from '../workers/messages.js';

/** A link that saves a file. */
export function fileLink(name: string, bytes: Uint8Array, title = name): HTMLAnchorElement {
  const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  return element('a', { href: address, download: name, class: 'file' }, title);
}

/** The files of the model, as archc writes them. */
export class FilesPanel {
  readonly #compiler: Compiler;
  readonly #source: () => Source;
  readonly #list = element('div', { class: 'results', 'aria-live': 'polite' });
  readonly #training: HTMLButtonElement;

  constructor(compiler: Compiler, source: () => Source) {
    this.#compiler = compiler;
    this.#source = source;
    this.#training = button('With the training', () => void this.#make(true));
    byId('panel-files').append(
      element(
        'div',
        { class: 'controls' },
        button('Make the ONNX file', () => void this.#make(false), { class: 'primary' }),
        this.#training,
      ),
      element(
        'p',
        { class: 'hint-line' },
        'Weights are those that the model states, from a fixed seed. To see an ONNX file node by node, open it in Netron.',
      ),
      this.#list,
    );
  }

  follow(): void {
    this.#training.hidden = trainBlocksIn(this.#source().text).length === 0;
    this.#list.replaceChildren();
  }

  async #make(withTraining: boolean): Promise<void> {
    this.#list.replaceChildren(element('p', { class: 'hint-line' }, 'Compiling …'));
    try {
      const source = this.#source();
      const [block] = trainBlocksIn(source.text);
      const { artifacts } =
        withTraining && block !== undefined
          ? await this.#compiler.buildOpenTraining(source, block.name)
          : await this.#compiler.build(source);
      const rows = artifacts.map(({ name, bytes }) =>
        element('li', {}, fileLink(name, bytes), element('span', {}, short(bytes.length, 'B'))),
      );
      this.#list.replaceChildren(element('ul', { class: 'files' }, ...rows));
    } catch (error) {
      this.#list.replaceChildren(element('p', { class: 'failure' }, error instanceof Error ? error.message : String(error)));
    }
  }
}
