import { printableText } from '../diagnostics/text-width.js';
import { trusted } from './plain-text.js';
import type { Terminal } from './terminal.js';

/** Work shorter than this prints nothing. Milliseconds. */
const patience = 1000;

/** The shortest time between two updates in milliseconds: nobody reads more of them. */
const shortest = 100;

/** A line on the terminal that says what takes so long while the process is otherwise silent. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #isOn: boolean;
  #timer: NodeJS.Timeout | undefined;
  #isShown = false;
  #updated = 0;

  constructor(terminal: Terminal, isQuiet: boolean) {
    this.#terminal = terminal;
    this.#isOn = terminal.err.isTerminal && !isQuiet;
  }

  /** Begins work that lets timers run. */
  start(what: string): void {
    this.stop();
    if (!this.#isOn) return;
    const started = performance.now();
    this.#timer = setInterval(() => this.#show(`${what} ... ${Math.round((performance.now() - started) / 1000)} s`), patience);
    this.#timer.unref();
  }

  /** Prints immediately what begins: for work that is known to be long and blocks timers. */
  announce(what: string): void {
    if (this.#isOn) this.#show(`${what} ...`);
  }

  /** Says how far the work is, unless it has just been said. */
  update(what: string): void {
    const now = performance.now();
    if (!this.#isOn || (this.#isShown && now - this.#updated < shortest)) return;
    this.#updated = now;
    this.#show(what);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#isShown) this.#terminal.err.write(trusted('\r\u001b[K'));
    this.#isShown = false;
  }

  #show(text: string): void {
    const width = this.#terminal.err.columns ?? 80;
    this.#terminal.err.write(trusted(`\r\u001b[K${printableText(`archc: ${text}`).slice(0, width - 1)}`));
    this.#isShown = true;
  }
}
