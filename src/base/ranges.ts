/** Bytes `offset` to `offset + length` (exclusive) of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** One read that serves several wanted ranges: `members` are their positions in the list that was given. */
export interface MergedRange extends ByteRange {
  readonly members: readonly number[];
}

/**
 * Joins ranges that are at most `gapBytes` apart, so that they can be read in one go. The result is ordered by offset;
 * overlapping ranges are joined too. A joined range is never longer than `maxBytes` unless one member alone is.
 */
export function mergeRanges(ranges: readonly ByteRange[], gapBytes: number, maxBytes = Infinity): MergedRange[] {
  const order = ranges.map((_, i) => i).sort((a, b) => ranges[a]!.offset - ranges[b]!.offset);
  const merged: { offset: number; length: number; members: number[] }[] = [];
  for (const i of order) {
    const { offset, length } = ranges[i]!;
    const last = merged[merged.length - 1];
    if (last && offset - (last.offset + last.length) <= gapBytes && Math.max(last.length, offset + length - last.offset) <= maxBytes) {
      last.length = Math.max(last.length, offset + length - last.offset);
      last.members.push(i);
    } else merged.push({ offset, length, members: [i] });
  }
  return merged;
}
