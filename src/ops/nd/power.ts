/** `a ** b` as in IEEE 754 and `torch.pow`: unlike in JavaScript, 1 to any power is 1, and so is -1 to an infinite one. */
export function powerOf(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;
}
