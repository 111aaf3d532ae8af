/** Where a thread puts rows that do not fit into memory. Reading and writing are synchronous: only threads do it. */
export interface SpillHost {
  /** A new, empty file. */
  create(): Promise<SpillFile>;
  /** A file that a thread of the same run has created. */
  open(name: string): Promise<SpillFile>;
  /** Removes a file before the run ends. */
  remove(name: string): Promise<void>;
}

/** A file that lasts as long as its run. */
export interface SpillFile {
  /** For {@link SpillHost.open}. */
  readonly name: string;
  append(bytes: Uint8Array): void;
  /** Fills `into` with the bytes from `at`. Throws when the file is shorter. */
  read(at: number, into: Uint8Array): void;
  close(): void;
}
