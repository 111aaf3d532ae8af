import type { MaggError } from '../base/index.js';
import type { ChunkCodecs } from './chunk-codecs.js';
import { grouped } from './damage.js';
import type { Filter } from './filter-pipeline.js';
import { hasChecksum } from './fletcher32.js';
import { unLzf } from './lzf.js';
import { unshuffle } from './shuffle.js';

/** Deflate gives at most 1,032 bytes for one (RFC 1951: 258 bytes for two bits). */
const MAX_RATIO = 1032;
/** A copy of 264 bytes in three. */
const MAX_LZF_RATIO = 88;

/** How a chunk is stored. */
export interface FilteredChunk {
  readonly filters: readonly Filter[];
  /** Filters that were left out, as bits. */
  readonly filterMask: number;
  readonly valueBytes: number;
  /** Without filters. */
  readonly sizeBytes: number;
  /** Memory that the result may be in; undefined: memory of its own. */
  readonly into?: Uint8Array | undefined;
}

/**
 * Undoes the filters of a chunk, last one first, but for those whose bit is set in `filterMask`. The result has `sizeBytes`
 * bytes, never those of `stored`, and starts at a multiple of `valueBytes`; anything else throws what `damaged` makes.
 */
export function undoFilters(
  stored: Uint8Array,
  { filters, filterMask, valueBytes, sizeBytes, into }: FilteredChunk,
  codecs: ChunkCodecs,
  damaged: (what: string, cause?: unknown) => MaggError
): Uint8Array {
  let bytes = stored;
  for (let i = filters.length - 1; i >= 0; i--) {
    if (filterMask & (1 << i)) continue;
    switch (filters[i]!) {
      case 'fletcher32': {
        const end = bytes.length - 4;
        if (end < 0 || !hasChecksum(bytes.subarray(0, end), bytes.subarray(end))) throw damaged('does not fit its checksum (fletcher32)');
        bytes = bytes.subarray(0, end);
        break;
      }
      case 'shuffle':
        bytes = unshuffle(bytes, valueBytes);
        break;
      case 'deflate':
        bytes = expand(bytes, sizeBytes + checksumBytes(filters, i, filterMask), MAX_RATIO, (from, size) => codecs.inflate(from, size, into), damaged);
        break;
      case 'skipped':
        throw damaged('uses a filter that no other chunk does');
      case 'lzf':
        bytes = expand(bytes, sizeBytes + checksumBytes(filters, i, filterMask), MAX_LZF_RATIO, unLzf, damaged);
        break;
    }
  }
  if (bytes.length !== sizeBytes) {
    throw damaged(`${filters.some(name => name === 'deflate' || name === 'lzf') ? 'inflates to' : 'has'} ${grouped(bytes.length)} bytes, ${grouped(sizeBytes)} expected`);
  }
  // Not slice(): that of a Node Buffer is a view.
  return bytes.buffer === stored.buffer || bytes.byteOffset % valueBytes !== 0 ? new Uint8Array(bytes) : bytes;
}

/** Checksums that filters before number `from` have added. */
function checksumBytes(filters: readonly Filter[], from: number, filterMask: number): number {
  let count = 0;
  for (let i = 0; i < from; i++) if (filters[i] === 'fletcher32' && !(filterMask & (1 << i))) count += 4;
  return count;
}

function expand(bytes: Uint8Array, sizeBytes: number, ratio: number, inflate: ChunkCodecs['inflate'], damaged: (what: string, cause?: unknown) => MaggError): Uint8Array {
  if (sizeBytes > ratio * (bytes.length + 1)) throw damaged(`has ${grouped(bytes.length)} bytes, which cannot inflate to the ${grouped(sizeBytes)} expected`);
  try {
    return inflate(bytes, sizeBytes);
  } catch (error) {
    throw damaged(`does not inflate to ${grouped(sizeBytes)} bytes (${error instanceof Error ? error.message : String(error)})`, error);
  }
}
