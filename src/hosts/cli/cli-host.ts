/** What a command gets from the process it runs in; tests give one that keeps what is written. */
export interface CliHost {
  /** Results: standard output. */
  readonly out: (text: string) => void;
  /** Progress, warnings, errors: standard error. */
  readonly err: (text: string) => void;
  /** Columns of the terminal behind `err`; undefined when it is none. */
  readonly columns: () => number | undefined;
  /** Comes back after so many milliseconds, or when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Asks the user and gives the answer without its line end; undefined where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** The bundle of the worker threads. */
  readonly threadUrl: URL;
  /** The bundle of the worker that runs the full HDF5 library. */
  readonly libraryUrl: URL;
  /** Runs a task with a signal that Ctrl-C aborts. */
  readonly withInterrupt: <T>(task: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/** Text from a file or an error, safe to show: control characters, which can move the cursor of a terminal, as `\xNN`. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, character => (character === '\n' ? character : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`));
}
