// Made by scripts/embed-stdlib.mjs from stdlib/*.arch. Do not edit.

/** The text of each standard module by its path, `std/layers`. */
export const standardLibrary: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
});

/** The module that declares each name which needs no import. */
export const preludeNames: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
});
