import type { Abortable, ByteRange } from '../base/index.js';

/** Memory that reads may be put into. What was read stays valid until the owner calls `reset`. */
export interface ReadBuffer {
  /** A view of `length` bytes; its content is undefined. */
  take(length: number): Uint8Array;
  /** Gives all memory back for the next reads. */
  reset(): void;
}

export interface ReadOptions extends Abortable {
  /** Where to put the bytes; without it every read allocates. */
  readonly into?: ReadBuffer | undefined;
}

/**
 * Bytes of one file, by ranges. Implementations merge near ranges and fetch far ones in parallel under a limit per
 * host; they throw a MaggError (tags `not-found`, `forbidden`, `truncated`, `io`, `cancelled`) that names the file,
 * and never return fewer bytes than were asked for.
 */
export interface RangeSource {
  /** Path or URL, for messages. */
  readonly name: string;
  /** Size of the file in bytes; asked for once, then remembered. */
  size(options?: Abortable): Promise<number>;
  /** One array per range, in the order asked for. Arrays may share one buffer. */
  read(ranges: readonly ByteRange[], options?: ReadOptions): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}
