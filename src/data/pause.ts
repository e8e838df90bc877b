/** Lets what waits happen, such as Ctrl-C, in the middle of work that is long. */
export type Pause = () => Promise<void>;
