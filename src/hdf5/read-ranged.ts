import { throwIfAborted, type ByteRange } from '../base/index.js';
import type { RangeSource, ReadOptions } from '../io/index.js';
import { grouped } from './damage.js';
import type { ChunkRequest, RawChunk, StoredChunk } from './hdf5-file.js';
import { RangedDataset } from './ranged-dataset.js';

/** Raw chunks in the order asked for, all of them in one read of the source; `others` reads those of other datasets. */
export async function readRanged(
  source: RangeSource,
  sizeBytes: number,
  requests: readonly ChunkRequest[],
  options: ReadOptions,
  others: (requests: readonly ChunkRequest[]) => Promise<readonly RawChunk[]>
): Promise<readonly RawChunk[]> {
  const ranges: ByteRange[] = [];
  const slow: number[] = [];
  const pieces = requests.map(({ dataset, chunk }, i): readonly ((bytes: readonly Uint8Array[]) => StoredChunk)[] => {
    if (!(dataset instanceof RangedDataset)) {
      slow.push(i);
      return [];
    }
    return dataset.places(chunk).map(place => {
      if (place === 'absent') return () => ({ kind: 'absent' });
      if (place === 'compact') return () => ({ kind: 'bytes', bytes: dataset.compact, filterMask: 0 });
      const { offset, length, filterMask } = place;
      if (offset + length > sizeBytes) throw dataset.damaged(chunk, `ends at byte ${grouped(offset + length)}, the file has ${grouped(sizeBytes)}`);
      const at = ranges.push(place) - 1;
      return bytes => ({ kind: 'bytes', bytes: bytes[at]!, filterMask });
    });
  });
  const answers = ranges.length > 0 ? await source.read(ranges, options) : [];
  throwIfAborted(options.signal);
  const slowChunks = slow.length > 0 ? [...(await others(slow.map(i => requests[i]!)))].reverse() : [];
  return pieces.map(makers => {
    if (makers.length === 0) return slowChunks.pop()!;
    const parts = makers.map(make => make(answers));
    return parts.length === 1 ? parts[0]! : { kind: 'parts', parts };
  });
}

/** Bytes a chunk took in the file; decoded ones where the full library read it. */
export function storedBytes(raw: RawChunk): number {
  switch (raw.kind) {
    case 'bytes': return raw.bytes.length;
    case 'values': return raw.values.byteLength;
    case 'parts': return raw.parts.reduce((sum, part) => sum + storedBytes(part), 0);
    case 'absent': return 0;
  }
}
