import { type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import type { InlayHint } from 'vscode-languageserver-protocol';
import { element } from '../page/dom.js';

/** A hint at a place of the text. */
interface Hint {
  readonly at: number;
  readonly label: string;
  readonly isName: boolean;
}

class HintWidget extends WidgetType {
  readonly #hint: Hint;

  constructor(hint: Hint) {
    super();
    this.#hint = hint;
  }

  override eq(other: HintWidget): boolean {
    return other.#hint.label === this.#hint.label && other.#hint.isName === this.#hint.isName;
  }

  override toDOM(): HTMLElement {
    return element('span', { class: `hint ${this.#hint.isName ? 'name' : 'shape'}` }, this.#hint.label);
  }
}

const setHints = StateEffect.define<readonly Hint[]>();

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (hints, { changes, effects }) => {
    const set = effects.find((effect) => effect.is(setHints));
    if (set === undefined) return hints.map(changes);
    const builder = new RangeSetBuilder<Decoration>();
    for (const hint of set.value)
      builder.add(hint.at, hint.at, Decoration.widget({ widget: new HintWidget(hint), side: hint.isName ? -1 : 1 }));
    return builder.finish();
  },
  provide: (own) => EditorView.decorations.from(own),
});

/** Shapes and names in the text, which are not part of it. */
export const hints: Extension = field;

/** Shows the hints of the server for the present text. */
export function showHints(view: EditorView, found: readonly InlayHint[]): void {
  const { doc } = view.state;
  const placed = found.flatMap(({ position: { line, character }, label, kind }): readonly Hint[] => {
    if (line >= doc.lines) return [];
    const { from, to } = doc.line(line + 1);
    const text = typeof label === 'string' ? label : label.map(({ value }) => value).join('');
    return [{ at: Math.min(to, from + character), label: text, isName: kind === 2 }];
  });
  view.dispatch({ effects: setHints.of(placed.sort((a, b) => a.at - b.at || Number(b.isName) - Number(a.isName))) });
}
