import { byId } from './dom.js';

/** Milliseconds for which a message is seen. */
const duration = 5000;

/** Tells the reader something that has happened; screen readers say it. */
export function say(text: string): void {
  const status = byId('status');
  status.textContent = text;
  status.classList.add('shown');
  // The last message is seen for its whole time.
  clearTimeout(Number(status.dataset.timer));
  status.dataset.timer = String(setTimeout(() => status.classList.remove('shown'), duration));
}
