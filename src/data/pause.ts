/** Lets pending events, such as Ctrl-C, be handled in the middle of long work. */
export type Pause = () => Promise<void>;
