/** Why channels cannot be removed at a place of the graph, as the end of a sentence. */
export class Unprunable extends Error {
  override readonly name = 'Unprunable';
}
