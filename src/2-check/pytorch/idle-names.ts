/** Arguments of PyTorch that mean nothing here. */
export const idleNames: ReadonlySet<string> = new Set(['device', 'inplace', 'requires_grad', 'layout', 'non_blocking', 'copy']);
