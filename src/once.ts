/** Makes something on first use, for what depends on nothing: who asks first makes no difference. */
export function once<R extends object>(make: () => R): () => R {
  let made: R | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
