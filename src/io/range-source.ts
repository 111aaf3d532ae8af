import type { Abortable, ByteRange } from '../base/index.js';
import type { SourceState } from './source-state.js';

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
 * host; they throw a MaggError (tags `not-found`, `forbidden`, `truncated`, `io`, `granule-changed`, `cancelled`) that
 * names the file, and never return fewer bytes than were asked for.
 */
export interface RangeSource {
  /** Path or URL, for messages. */
  readonly name: string;
  /** A further request costs next to nothing, as for a file of this machine: then no more is read than is needed. Default false. */
  readonly isNear?: boolean;
  /** Size of the file in bytes; asked for once, then remembered. */
  size(options?: Abortable): Promise<number>;
  /**
   * What changes when the content does, learned together with the size: `mtime:` and nanoseconds since 1970 of a file,
   * `etag:` and a strong ETag or `last-modified:` and a date of HTTP; undefined where nothing is known, as for memory.
   */
  tag(options?: Abortable): Promise<string | undefined>;
  /**
   * Says what size and tag the file had when it was last seen. Who can look for free compares at once; HTTP believes it
   * without a request and compares with its next answer. Another content is an error `granule-changed`, there or here.
   */
  expect(before: SourceState, options?: Abortable): Promise<void>;
  /** One array per range, in the order asked for. Arrays may share one buffer. */
  read(ranges: readonly ByteRange[], options?: ReadOptions): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}
