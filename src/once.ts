/** Makes something on first use. The result depends on nothing, so it does not matter which caller is first. */
export function once<R extends object>(make: () => R): () => R {
  let made: R | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
