import { button, byId } from './dom.js';

const names = { code: 'Code', graph: 'Graph', cost: 'Cost', run: 'Run', train: 'Train', files: 'Files' } as const;
export type Tab = keyof typeof names;

/** The width below which the source is one of the tabs. */
const narrow = '(max-width: 860px)';

/** The tabs: one panel is visible at a time. On wide pages, the source is beside them. */
export class Tabs {
  readonly #list = byId('tabs');
  readonly #work = byId('work');
  readonly #buttons = new Map<Tab, HTMLButtonElement>();
  readonly #narrow = matchMedia(narrow);
  readonly #listeners: ((tab: Tab) => void)[] = [];
  #current: Tab = 'graph';

  constructor() {
    for (const tab of Object.keys(names) as Tab[]) {
      const made = button(names[tab], () => this.show(tab), { role: 'tab', id: `tab-${tab}`, 'aria-controls': `panel-${tab}` });
      this.#buttons.set(tab, made);
      this.#list.append(made);
    }
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    // A panel without anything that takes the focus can be scrolled with the keys nevertheless.
    byId('panel-cost').tabIndex = 0;
    this.#narrow.addEventListener('change', () => this.#arrange());
    this.#current = this.#narrow.matches ? 'code' : 'graph';
    this.#arrange();
  }

  get isNarrow(): boolean {
    return this.#narrow.matches;
  }

  /** Calls a function with each tab that is shown from now on. */
  onShow(listener: (tab: Tab) => void): void {
    this.#listeners.push(listener);
  }

  show(tab: Tab): void {
    this.#current = tab;
    this.#work.dataset.tab = tab;
    for (const [name, made] of this.#buttons) {
      made.setAttribute('aria-selected', String(name === tab));
      made.tabIndex = name === tab ? 0 : -1;
      byId(`panel-${name}`).hidden = name !== tab && (name !== 'code' || this.#narrow.matches);
    }
    for (const listener of this.#listeners) listener(tab);
  }

  /** The order of the page is that in which Tab visits it. */
  #arrange(): void {
    const isNarrow = this.#narrow.matches;
    const source = byId('panel-code');
    if (isNarrow) this.#work.prepend(this.#list);
    else source.after(this.#list);
    const own = this.#buttons.get('code');
    if (own !== undefined) own.hidden = !isNarrow;
    if (isNarrow) source.setAttribute('role', 'tabpanel');
    else source.removeAttribute('role');
    this.show(!isNarrow && this.#current === 'code' ? 'graph' : this.#current);
  }

  #key(event: KeyboardEvent): void {
    const shown = [...this.#buttons.keys()].filter((tab) => tab !== 'code' || this.#narrow.matches);
    const at = shown.indexOf(this.#current);
    const places: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const tab = shown[(place + shown.length) % shown.length];
    if (tab === undefined) return;
    this.show(tab);
    this.#buttons.get(tab)?.focus();
  }
}
