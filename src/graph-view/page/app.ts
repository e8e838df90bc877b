import type { BlockView, ModelView } from '../../api/model-view.js';
import type { Span } from '../../diagnostics/span.js';
import { blockAt, type Indexed, indexOf } from '../block-index.js';
import { hasContents } from '../expansion.js';
import { layout } from '../layout.js';
import { type Picture, svgOf } from '../svg.js';
import { Camera } from './camera.js';
import { detailsOf } from './details.js';
import { button, download, element, parsedSvg, pngOf } from './elements.js';
import { Search } from './search.js';

/** Steps of the arrow keys, in pixels. */
const step = 60;
/** How much of a block at the cursor must be seen, in pixels. */
const seen = { width: 160, height: 80 };

/** What an app needs to know of its surroundings. */
export interface Surroundings {
  /** Shows a place of the source. Without it, places are not links. */
  readonly reveal?: ((span: Span) => void) | undefined;
  /** Whether the app is a part of a page with other parts: it then hears only its own keys, and leaves the title and the theme to the page. */
  readonly isPart?: boolean | undefined;
}

/** The view of a model in a page. */
export class App {
  readonly #stage = element('div', { class: 'stage', tabindex: '0', role: 'application', 'aria-label': 'The graph of the model' });
  readonly #details = element('aside', { class: 'details', 'aria-live': 'polite', 'aria-label': 'Details' });
  readonly #said = element('p', { class: 'said', role: 'status' });
  readonly #heatButton: HTMLButtonElement;
  readonly #camera: Camera;
  readonly #search: Search;
  readonly #reveal: ((span: Span) => void) | undefined;
  readonly #isPart: boolean;
  #view: ModelView | undefined;
  #index: ReadonlyMap<string, Indexed> = new Map();
  #open = new Set<string>();
  #selected: string | undefined;
  #marked: string | undefined;
  #hasHeat = true;
  #size = { width: 1, height: 1 };

  constructor(root: HTMLElement, { reveal, isPart = false }: Surroundings = {}) {
    this.#reveal = reveal;
    this.#isPart = isPart;
    this.#camera = new Camera(this.#stage);
    this.#search = new Search(
      () => this.#index,
      (found) => this.#goTo(found),
    );
    this.#heatButton = button('Heat', 'Color blocks by their share of the FLOPs (h)', () => this.#toggleHeat());
    this.#heatButton.setAttribute('aria-pressed', 'true');
    const bar = element(
      'div',
      { class: 'bar', role: 'toolbar', 'aria-label': 'View' },
      this.#search.element,
      button('−', 'Zoom out (-)', () => this.#camera.zoom(1 / 1.25)),
      button('+', 'Zoom in (+)', () => this.#camera.zoom(1.25)),
      button('Fit', 'Show the whole model (0)', () => this.#camera.whole(this.#size.width, this.#size.height)),
      button('Collapse all', 'Collapse all layers (c)', () => this.#collapseAll()),
      this.#heatButton,
      ...(isPart ? [] : [button('Theme', 'Light or dark (t)', () => this.#toggleTheme())]),
      button('SVG', 'Save as SVG', () => this.#saveSvg()),
      button('PNG', 'Save as PNG', () => void this.#savePng()),
    );
    root.replaceChildren(bar, element(isPart ? 'div' : 'main', { class: 'body' }, this.#stage, this.#details), this.#said);
    this.#stage.addEventListener('click', (event) => this.#click(event));
    this.#stage.addEventListener('focusin', (event) => this.#focused(event));
    (isPart ? root : document).addEventListener('keydown', (event) => this.#key(event as KeyboardEvent));
    window.addEventListener('resize', () => {
      this.#camera.resized();
      this.#camera.keepSeen(this.#size.width, this.#size.height);
    });
  }

  /** Shows a model. Of one with the same name as before, what was expanded stays so. */
  show(view: ModelView): void {
    const isNext = this.#view?.name === view.name;
    this.#view = view;
    this.#index = indexOf(view);
    this.#open = new Set((isNext ? [...this.#open] : view.expanded).filter((id) => this.#index.has(id)));
    for (const { root } of view.entries) this.#open.add(root.id);
    if (this.#selected !== undefined && !this.#index.has(this.#selected)) this.#selected = undefined;
    if (!this.#isPart) document.title = `${view.name} – archc`;
    this.#draw();
    if (isNext) this.#camera.keepSeen(this.#size.width, this.#size.height);
    else this.fit();
    this.#showDetails();
  }

  /** Shows the whole model again, such as when the app has got another size. */
  fit(): void {
    this.#camera.fit(this.#size.width, this.#size.height);
  }

  /** Marks the block of a place in the source. */
  highlight(span: Span): void {
    const target = blockAt(this.#index, span);
    this.#marked = target === undefined ? undefined : this.#visible(target).id;
    this.#mark();
    const drawn = this.#elementOf(this.#marked);
    if (drawn === undefined) return;
    const [own, stage] = [drawn.getBoundingClientRect(), this.#stage.getBoundingClientRect()];
    // Of a large open layer, its head.
    const [bottom, right] = [Math.min(own.bottom, own.top + seen.height), Math.min(own.right, own.left + seen.width)];
    const isSeen = own.top >= stage.top && own.left >= stage.left && bottom <= stage.bottom && right <= stage.right;
    if (!isSeen) this.#camera.center(own);
  }

  /** The block itself, or the closed one around it. */
  #visible({ block, around }: Indexed): BlockView {
    return around.find(({ id }) => !this.#open.has(id)) ?? block;
  }

  #elementOf(id: string | undefined): SVGGElement | undefined {
    if (id === undefined) return undefined;
    return [...this.#stage.querySelectorAll<SVGGElement>('g.block')].find((drawn) => drawn.dataset.id === id);
  }

  #picture(isFile: boolean): Picture {
    const view = this.#view ?? { version: 1, name: '', entries: [], expanded: [] };
    const drawing = layout(view, this.#open);
    return svgOf(view, drawing, { heat: this.#hasHeat, style: isFile, theme: isFile ? this.#theme() : undefined });
  }

  #draw(): void {
    const picture = this.#picture(false);
    this.#size = picture;
    const svg = parsedSvg(picture.svg);
    for (const drawn of svg.querySelectorAll<SVGGElement>('g.block')) {
      const known = this.#index.get(drawn.dataset.id ?? '');
      if (known === undefined) continue;
      drawn.setAttribute('tabindex', '0');
      drawn.setAttribute('role', 'button');
      drawn.setAttribute('aria-label', drawn.dataset.name ?? '');
      if (hasContents(known.block)) drawn.setAttribute('aria-expanded', String(this.#open.has(known.block.id)));
    }
    this.#stage.replaceChildren(svg);
    this.#camera.apply();
    this.#mark();
  }

  #mark(): void {
    for (const drawn of this.#stage.querySelectorAll<SVGGElement>('g.block')) {
      const { id } = drawn.dataset;
      drawn.classList.toggle('selected', id === this.#selected);
      drawn.classList.toggle('marked', id === this.#marked);
    }
    this.#markFlow();
  }

  /** Marks the edges of the selected block. */
  #markFlow(): void {
    const drawn = this.#elementOf(this.#selected);
    const around: Element | null | undefined = drawn?.parentElement;
    for (const flow of this.#stage.querySelectorAll('g.flow.lit')) flow.classList.remove('lit');
    const known = this.#index.get(this.#selected ?? '');
    const place = known?.around.at(-1)?.children.indexOf(known.block) ?? -1;
    if (around == null || place < 0) return;
    for (const flow of around.querySelectorAll<SVGGElement>(':scope > g.flow')) {
      const ends = [flow.dataset.from ?? '', flow.dataset.to ?? ''];
      flow.classList.toggle(
        'lit',
        ends.some((end) => end.startsWith(`${place}.`)),
      );
    }
  }

  #click(event: MouseEvent): void {
    if (this.#camera.hasDragged) return;
    const drawn = (event.target as Element).closest<SVGGElement>('g.block');
    const known = this.#index.get(drawn?.dataset.id ?? '');
    if (drawn === null || known === undefined) return;
    const inside: Element | null | undefined = (event.target as Element).closest('.contents')?.parentElement;
    const isHead = !this.#open.has(known.block.id) || inside !== drawn;
    this.#choose(known, true);
    const { classList } = event.target as Element;
    if (isHead && !classList.contains('frame')) this.#toggle(known.block);
  }

  #focused(event: FocusEvent): void {
    const drawn = (event.target as Element).closest<SVGGElement>('g.block');
    const known = this.#index.get(drawn?.dataset.id ?? '');
    if (known !== undefined && (event.target as Element).matches(':focus-visible')) this.#choose(known, false);
  }

  #choose({ block }: Indexed, reveals: boolean): void {
    this.#selected = block.id;
    this.#mark();
    this.#showDetails();
    if (reveals && block.span !== undefined) this.#reveal?.(block.span);
  }

  #toggle(block: BlockView): void {
    if (!hasContents(block) || block.kind === 'model') return;
    const before = this.#elementOf(block.id)?.getBoundingClientRect();
    const hadFocus = this.#stage.contains(document.activeElement);
    if (!this.#open.delete(block.id)) this.#open.add(block.id);
    this.#draw();
    const drawn = this.#elementOf(block.id);
    const after = drawn?.getBoundingClientRect();
    // The block stays where it is on the screen.
    if (before !== undefined && after !== undefined)
      this.#camera.pan(before.left + before.width / 2 - after.left - after.width / 2, before.top - after.top);
    if (hadFocus) drawn?.focus({ preventScroll: true });
    this.#say(`${block.label} is ${this.#open.has(block.id) ? 'expanded' : 'collapsed'}`);
  }

  #goTo(found: Indexed): void {
    for (const { id } of found.around) this.#open.add(id);
    this.#draw();
    this.#choose(found, true);
    const drawn = this.#elementOf(found.block.id);
    if (drawn === undefined) return;
    if (this.#camera.scale < 0.6) this.#camera.zoom(1 / this.#camera.scale);
    this.#camera.center(drawn.getBoundingClientRect());
    drawn.focus({ preventScroll: true });
  }

  #collapseAll(): void {
    this.#open = new Set(this.#view?.entries.map(({ root }) => root.id));
    this.#draw();
    this.fit();
    this.#say('all layers are collapsed');
  }

  #toggleHeat(): void {
    this.#hasHeat = !this.#hasHeat;
    this.#heatButton.setAttribute('aria-pressed', String(this.#hasHeat));
    this.#draw();
  }

  #theme(): 'light' | 'dark' {
    const { theme } = document.documentElement.dataset;
    if (theme === 'light' || theme === 'dark') return theme;
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }

  #toggleTheme(): void {
    document.documentElement.dataset.theme = this.#theme() === 'dark' ? 'light' : 'dark';
  }

  #saveSvg(): void {
    download(`${this.#view?.name ?? 'model'}.svg`, new Blob([this.#picture(true).svg], { type: 'image/svg+xml' }));
  }

  async #savePng(): Promise<void> {
    try {
      download(`${this.#view?.name ?? 'model'}.png`, await pngOf(this.#picture(true)));
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
  }

  #showDetails(): void {
    const known = this.#index.get(this.#selected ?? '');
    const [first] = this.#view?.entries ?? [];
    const entry = this.#view?.entries.find(({ root }) => root === (known?.around[0] ?? known?.block)) ?? first;
    this.#details.hidden = known === undefined;
    if (known === undefined || entry === undefined) return;
    const { span } = known.block;
    const reveal = this.#reveal;
    const close = button('×', 'Close (Escape)', () => this.#unselect());
    close.className = 'close';
    this.#details.replaceChildren(
      close,
      ...detailsOf(known.block, entry, span === undefined || reveal === undefined ? undefined : () => reveal(span)),
    );
  }

  #say(text: string): void {
    this.#said.textContent = text;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('input') !== null) return;
    const known = this.#index.get((event.target as Element).closest<SVGGElement>('g.block')?.dataset.id ?? '');
    const actions: Readonly<Record<string, () => void>> = {
      '/': () => this.#search.focus(),
      '+': () => this.#camera.zoom(1.25),
      '=': () => this.#camera.zoom(1.25),
      '-': () => this.#camera.zoom(1 / 1.25),
      '0': () => this.#camera.whole(this.#size.width, this.#size.height),
      c: () => this.#collapseAll(),
      h: () => this.#toggleHeat(),
      ...(this.#isPart ? {} : { t: () => this.#toggleTheme() }),
      ArrowLeft: () => this.#camera.pan(step, 0),
      ArrowRight: () => this.#camera.pan(-step, 0),
      ArrowUp: () => this.#camera.pan(0, step),
      ArrowDown: () => this.#camera.pan(0, -step),
      Escape: () => this.#unselect(),
      ...(known === undefined ? {} : { Enter: () => this.#activate(known), ' ': () => this.#activate(known) }),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }

  #activate(known: Indexed): void {
    this.#choose(known, true);
    this.#toggle(known.block);
  }

  #unselect(): void {
    this.#selected = undefined;
    this.#marked = undefined;
    this.#mark();
    this.#showDetails();
  }
}
