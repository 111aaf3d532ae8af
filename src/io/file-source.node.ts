import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { MaggError, mergeRanges, throwIfAborted } from '../base/index.js';
import { checkRanges } from './check-ranges.js';
import { fileError } from './file-error.node.js';
import type { RangeSource, ReadBuffer } from './range-source.js';
import { assertUnchanged, type SourceState } from './source-state.js';

/** A pipe would not open before somebody writes into it. Regular files do not care; not every system has the flag. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0);
/** Reading 64 kB too much costs less than a second system call. */
const GAP_BYTES = 65_536;
/** Ranges are joined up to this size; a single longer one is read in pieces of it (the system refuses 2 GiB at once). */
const MAX_READ_BYTES = 1 << 28;

/**
 * A local file. It is opened by the first call and stays open until `close`. Reads are synchronous under the asynchronous
 * signature: they come from the page cache mostly, the threads that read are workers, and a thread pool gains nothing here.
 */
export function fileSource(path: string): RangeSource {
  let open: OpenFile | undefined;
  const opened = (): OpenFile => (open ??= openFile(path));
  return {
    name: path,
    isNear: true,
    async size({ signal } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      return opened().sizeBytes;
    },
    async tag({ signal } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      return opened().tag;
    },
    async expect(before, { signal } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      assertUnchanged(path, before, opened());
    },
    async read(ranges, { signal, into } = {}) {
      await Promise.resolve();
      throwIfAborted(signal);
      const { descriptor, sizeBytes } = opened();
      checkRanges(path, sizeBytes, ranges);
      const out = new Array<Uint8Array>(ranges.length);
      for (const { offset, length, members } of mergeRanges(ranges, GAP_BYTES, MAX_READ_BYTES)) {
        const bytes = readWhole(path, descriptor, offset, length, into);
        for (const i of members) {
          const start = ranges[i]!.offset - offset;
          out[i] = bytes.subarray(start, start + ranges[i]!.length);
        }
      }
      return out;
    },
    async close() {
      await Promise.resolve();
      if (open) closeSync(open.descriptor);
      open = undefined;
    }
  };
}

interface OpenFile extends SourceState {
  readonly descriptor: number;
}

function openFile(path: string): OpenFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, READ_WITHOUT_WAITING);
  } catch (error) {
    throw fileError(error, path, 'could not be opened');
  }
  // As bigint: milliseconds in a double lose what two writes within one differ in.
  const stat = fstatSync(descriptor, { bigint: true });
  if (stat.isFile()) return { descriptor, sizeBytes: Number(stat.size), tag: `mtime:${stat.mtimeNs}` };
  closeSync(descriptor);
  const found = stat.isDirectory() ? 'a folder' : 'no regular file';
  throw new MaggError('io', `${path} is ${found}, a file was expected. Name a file, or a pattern like ${path}/*.h5 in the list of granules.`, { context: { file: path } });
}

function readWhole(path: string, descriptor: number, offset: number, length: number, into: ReadBuffer | undefined): Uint8Array {
  // Not zeroed: every byte is overwritten or an error is thrown.
  const bytes: Uint8Array = into ? into.take(length) : Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    let count: number;
    try {
      count = readSync(descriptor, bytes, done, Math.min(length - done, MAX_READ_BYTES), offset + done);
    } catch (error) {
      throw fileError(error, path, 'could not be read');
    }
    if (count === 0) throw new MaggError('truncated', `${path} became shorter while it was read: it ends before byte ${offset + length}. Wait until it is written, then try again.`, { retryable: true, context: { file: path } });
    done += count;
  }
  return bytes;
}
