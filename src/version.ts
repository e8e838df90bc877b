/** The version of archc, as in `package.json`; it is written into every model. */
export const version = '0.1.0';
