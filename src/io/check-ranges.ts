import { MaggError, type ByteRange } from '../base/index.js';

/** Throws `truncated` when a range reaches beyond the file, `io` when it is no range at all. */
export function checkRanges(name: string, sizeBytes: number, ranges: readonly ByteRange[]): void {
  for (const { offset, length } of ranges) {
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
      throw new MaggError('io', `${name}: expected a byte range, found offset ${offset}, length ${length}`, { context: { file: name } });
    }
    if (offset + length > sizeBytes) {
      throw new MaggError(
        'truncated',
        `${name} is ${sizeBytes} bytes long, but bytes ${offset} to ${offset + length} are wanted. The file is cut off or still being written: download it again, or take it off the list.`,
        { context: { file: name } }
      );
    }
  }
}
