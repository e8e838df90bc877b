import { found, type Indexed } from '../block-index.js';
import { element } from './elements.js';

const mostResults = 30;

/** The search box, and the list of what it finds. */
export class Search {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #index: () => ReadonlyMap<string, Indexed>;
  readonly #choose: (found: Indexed) => void;
  #found: readonly Indexed[] = [];
  #at = 0;

  constructor(index: () => ReadonlyMap<string, Indexed>, choose: (found: Indexed) => void) {
    this.#index = index;
    this.#choose = choose;
    this.#input = element('input', {
      type: 'search',
      placeholder: 'Search ( / )',
      'aria-label': 'Search for a layer or operator',
      role: 'combobox',
      'aria-expanded': 'false',
      'aria-controls': 'found',
      autocomplete: 'off',
    });
    this.#list = element('ul', { id: 'found', role: 'listbox', 'aria-label': 'Found' });
    this.#list.hidden = true;
    this.element = element('div', { class: 'search' }, this.#input, this.#list);
    this.#input.addEventListener('input', () => this.#search());
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.#input.addEventListener('blur', () => setTimeout(() => this.#show([]), 150));
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #search(): void {
    this.#at = 0;
    this.#show(found(this.#index(), this.#input.value, mostResults));
  }

  #show(all: readonly Indexed[]): void {
    this.#found = all;
    this.#list.hidden = all.length === 0;
    this.#input.setAttribute('aria-expanded', String(all.length > 0));
    this.#list.replaceChildren(
      ...all.map((each, i) => {
        const { label, type, path, kind } = each.block;
        const item = element(
          'li',
          { role: 'option', id: `found-${i}`, 'aria-selected': String(i === this.#at) },
          element('b', {}, label),
          ` ${kind === 'layer' ? type : kind} `,
          element('small', {}, path),
        );
        item.addEventListener('mousedown', (event) => {
          event.preventDefault();
          this.#take(each);
        });
        return item;
      }),
    );
    if (all.length > 0) this.#input.setAttribute('aria-activedescendant', `found-${this.#at}`);
    else this.#input.removeAttribute('aria-activedescendant');
  }

  #key(event: KeyboardEvent): void {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    event.stopPropagation();
    if (move !== 0 && this.#found.length > 0) {
      event.preventDefault();
      this.#at = (this.#at + move + this.#found.length) % this.#found.length;
      this.#show(this.#found);
    } else if (event.key === 'Enter') {
      const chosen = this.#found[this.#at];
      if (chosen !== undefined) this.#take(chosen);
    } else if (event.key === 'Escape') {
      this.#input.value = '';
      this.#show([]);
      this.#input.blur();
    }
  }

  #take(chosen: Indexed): void {
    this.#show([]);
    this.#choose(chosen);
  }
}
