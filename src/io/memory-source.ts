import { throwIfAborted } from '../base/index.js';
import { checkRanges } from './check-ranges.js';
import { assertUnchanged } from './source-state.js';
import type { RangeSource } from './range-source.js';

/** A file that lies in memory: reads are views of `bytes`, never copies. `name` is for messages. */
export function memorySource(name: string, bytes: Uint8Array): RangeSource {
  return {
    name,
    size: () => Promise.resolve(bytes.length),
    tag: () => Promise.resolve(undefined),
    expect: async before => {
      await Promise.resolve();
      assertUnchanged(name, before, { sizeBytes: bytes.length, tag: undefined });
    },
    read: async (ranges, { signal } = {}) => {
      await Promise.resolve();
      throwIfAborted(signal);
      checkRanges(name, bytes.length, ranges);
      return ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length));
    },
    close: () => Promise.resolve()
  };
}
