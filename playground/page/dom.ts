import { element } from '../../src/graph-view/page/elements.js';

export { element };

/** A button that does something. */
export function button(label: string, run: () => void, attributes: Readonly<Record<string, string>> = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', run);
  return made;
}

/** An element of SVG. */
export function svgElement(name: string, attributes: Readonly<Record<string, string | number>>, ...contents: readonly Node[]): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...contents);
  return made;
}

/** The element of the page with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found as E;
}

/** A list of choices of a `select`. */
export function setChoices(select: HTMLSelectElement, names: readonly string[], chosen: string | undefined): void {
  select.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
  if (chosen !== undefined) select.value = chosen;
}
