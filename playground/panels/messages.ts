import type { Message } from '../editor/editor.js';
import { button, byId, element } from '../page/dom.js';

/** The messages about the text, below the editor. A click goes to the place. */
export function showMessages(messages: readonly Message[], goTo: (message: Message) => void): void {
  const panel = byId('messages');
  const rows = messages.map((message) => {
    const [title = '', ...rest] = message.text.split('\n');
    const row = button('', () => goTo(message), { class: `message ${message.severity}` });
    const place = element('span', { class: 'place' }, `${message.line}:${message.column}`);
    row.append(
      place,
      element('span', { class: 'text' }, title),
      ...(rest.length === 0 ? [] : [element('span', { class: 'more' }, rest.join('\n').trim())]),
    );
    return element('li', {}, row);
  });
  const count = messages.filter(({ severity }) => severity === 'error').length;
  panel.classList.toggle('failed', count > 0);
  panel.replaceChildren(
    element('p', { class: 'summary', role: 'status' }, summary(messages.length, count)),
    ...(rows.length === 0 ? [] : [element('ul', {}, ...rows)]),
  );
}

function summary(all: number, errors: number): string {
  if (all === 0) return 'All shapes are proved';
  const others = all - errors;
  const parts = [
    errors === 0 ? '' : errors === 1 ? '1 mistake' : `${errors} mistakes`,
    others === 0 ? '' : others === 1 ? '1 note' : `${others} notes`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
