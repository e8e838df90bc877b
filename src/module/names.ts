const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What JavaScript or TypeScript does not allow as the name of a constant or an interface. */
const reserved: ReadonlySet<string> = new Set(
  words(`
  any arguments as async await bigint boolean break case catch class const constructor continue debugger declare default delete do else enum eval export extends false finally
  for from function get if implements import in instanceof interface let module namespace never new null number object of package private protected public return set static string
  super switch symbol this throw true try type typeof undefined unknown var void while with yield
`),
);

/** What the texts of a module call other things. */
const taken: ReadonlySet<string> = new Set(
  words(`
  AsyncIterable CallOptions EvaluateOptions ImageInput Input Iterable Model ModelBase ModuleOptions Object Partial Promise Same SizedInput Steps Tensor TensorInput Trainer TrainerBase
  TrainerOptions TypedTensor URL
  modelFiles modelManifest trainingFiles
`),
);

/** The members that the object of a loaded model has anyway, and names that JavaScript treats in a way of its own. */
export const ownMembers: ReadonlySet<string> = new Set(
  words('__proto__ call constructor dispose fallback fork manifest provider reset states then warmUp'),
);

/** What an export is called in its file: its name, unless that means something else there, or is what `other` is called there. */
export function localName(name: string, other?: string): string {
  const isFree = isIdentifier(name) && !reserved.has(name) && !taken.has(name) && name !== other;
  return isFree ? name : localName(`${name.replaceAll(/[^\w$]/g, '_').replace(/^(?=\d)/, '_')}_`, other);
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}

/** A name as a key of an object or interface, where `new(...)` would be a constructor. */
export function keyOf(name: string): string {
  return isIdentifier(name) && name !== 'new' ? name : quoted(name);
}

/** The name of an export after `as`. */
export function exportedName(name: string): string {
  return isIdentifier(name) ? name : quoted(name);
}

export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** The member of a loaded model that has the methods of an entry; undefined for a model with a signature of its own, which has them itself. */
export function entryMember({ entries }: { readonly entries: readonly unknown[] }, entry: string): string | undefined {
  return entries.length === 1 && entry === 'forward' ? undefined : entry;
}
