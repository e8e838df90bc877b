import type { ModelView, Span } from 'archc';
import { App } from '../../src/graph-view/page/app.js';
import { uri } from '../editor/server.js';
import { byId } from '../page/dom.js';

/** The picture of the model. A click on a block goes to its place in the source. */
export class GraphPanel {
  readonly #app: App;
  #isStale = false;

  constructor(goTo: (from: number, to: number) => void) {
    const reveal = ({ file, start, end }: Span) => {
      // Blocks of the standard library are not in the text.
      if (file === uri) goTo(start, end);
    };
    this.#app = new App(byId('archc-graph'), { reveal, isPart: true });
  }

  show(view: ModelView): void {
    this.#app.show(view);
    this.#isStale ||= !this.#isSeen();
  }

  /** Marks the block at a place of the text. */
  highlight(start: number, end: number): void {
    if (this.#isSeen()) this.#app.highlight({ file: uri, start, end });
  }

  /** What was drawn while the panel was hidden has no place yet. */
  shown(): void {
    if (this.#isStale) this.#app.fit();
    this.#isStale = false;
  }

  #isSeen(): boolean {
    return byId('archc-graph').clientWidth > 0;
  }
}
