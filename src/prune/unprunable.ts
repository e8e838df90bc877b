/** Thrown where channels cannot be removed. The message is the end of a sentence. */
export class Unprunable extends Error {
  override readonly name = 'Unprunable';
}
