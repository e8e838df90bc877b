import type { Port } from '../routes.js';

const least = 0.05;
const most = 8;
/** How much of what could be seen is enough, along each side. */
const leastSeen = 0.2;

/** Moves and scales a picture in a window: by dragging, by the wheel, by two fingers and by keys. */
export class Camera {
  readonly #stage: HTMLElement;
  #x = 0;
  #y = 0;
  #scale = 1;
  /** The width of the window when the picture was placed in it. */
  #width = 0;
  readonly #pointers = new Map<number, Port>();
  #travelled = 0;

  constructor(stage: HTMLElement) {
    this.#stage = stage;
    stage.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    stage.addEventListener('pointerdown', (event) => this.#down(event));
    stage.addEventListener('pointermove', (event) => this.#move(event));
    for (const name of ['pointerup', 'pointercancel'] as const) stage.addEventListener(name, (event) => this.#up(event));
  }

  /** Whether the last press was a drag, so that its click means nothing. */
  get hasDragged(): boolean {
    return this.#travelled > 4;
  }

  get scale(): number {
    return this.#scale;
  }

  /** Shows the whole width of a picture of this size, but not larger than it is: a tall model is read from its top. */
  fit(width: number, height: number): void {
    this.#place(width, height, this.#stage.clientWidth / width);
  }

  /** Shows all of a picture of this size. */
  whole(width: number, height: number): void {
    this.#place(width, height, Math.min(this.#stage.clientWidth / width, this.#stage.clientHeight / height));
  }

  /** Fits a picture of this size if next to nothing of it is seen. */
  keepSeen(width: number, height: number): void {
    const { clientWidth, clientHeight } = this.#stage;
    if (clientWidth === 0 || clientHeight === 0) return;
    const part = (at: number, size: number, room: number) =>
      (Math.min(room, at + size * this.#scale) - Math.max(0, at)) / Math.min(room, size * this.#scale);
    if (Math.min(part(this.#x, width, clientWidth), part(this.#y, height, clientHeight)) < leastSeen) this.fit(width, height);
  }

  /** The window has another width: what was in its middle stays there. */
  resized(): void {
    const { clientWidth } = this.#stage;
    // It has none while it is hidden.
    if (clientWidth === 0) return;
    this.pan((clientWidth - this.#width) / 2, 0);
    this.#width = clientWidth;
  }

  #place(width: number, height: number, wanted: number): void {
    const { clientWidth, clientHeight } = this.#stage;
    this.#width = clientWidth;
    this.#scale = Math.max(least, Math.min(1, wanted));
    this.#x = (clientWidth - width * this.#scale) / 2;
    this.#y = Math.max(0, (clientHeight - height * this.#scale) / 2);
    this.apply();
  }

  pan(dx: number, dy: number): void {
    this.#x += dx;
    this.#y += dy;
    this.apply();
  }

  /** Scales around a point of the window, by default its middle. */
  zoom(factor: number, at: Port = { x: this.#stage.clientWidth / 2, y: this.#stage.clientHeight / 2 }): void {
    const scale = Math.min(most, Math.max(least, this.#scale * factor));
    const by = scale / this.#scale;
    this.#x = at.x - (at.x - this.#x) * by;
    this.#y = at.y - (at.y - this.#y) * by;
    this.#scale = scale;
    this.apply();
  }

  /** Moves the picture so that a thing in it, given by its place in the window, is in the middle. */
  center(rect: DOMRect): void {
    const stage = this.#stage.getBoundingClientRect();
    this.pan(
      stage.left + stage.width / 2 - (rect.left + rect.width / 2),
      stage.top + stage.height / 2 - (rect.top + Math.min(rect.height, stage.height) / 2),
    );
  }

  apply(): void {
    const picture = this.#stage.querySelector('svg');
    if (picture === null) return;
    picture.style.transform = `translate(${this.#x}px,${this.#y}px) scale(${this.#scale})`;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (event.shiftKey) this.pan(-(event.deltaX + event.deltaY) * unit, 0);
    // A pinch on a touchpad arrives as a wheel with the control key.
    else this.zoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0015)), this.#pointOf(event));
  }

  #pointOf({ clientX, clientY }: MouseEvent): Port {
    const { left, top } = this.#stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (this.#pointers.size === 0) this.#travelled = 0;
    this.#pointers.set(event.pointerId, this.#pointOf(event));
  }

  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = this.#pointOf(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#travelled += Math.hypot(now.x - before.x, now.y - before.y);
    if (this.hasDragged && !this.#stage.hasPointerCapture(event.pointerId)) this.#stage.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, now);
    if (other === undefined) this.pan(now.x - before.x, now.y - before.y);
    else {
      const distance = (point: Port) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      this.zoom(distance(now) / distance(before), middle);
      this.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    }
  }

  #up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
  }
}
