import type { Filter } from './filter-pipeline.js';
import type { StoredType } from './numeric-array.js';

/** Where a chunk lies, counted from the beginning of the file, and which filters it skips. */
export interface ChunkPlace {
  readonly offset: number;
  readonly length: number;
  readonly filterMask: number;
}

/** Where the values of a dataset lie. Chunks are numbered as {@link ChunkGrid} does; what is not listed was never written. */
export type Storage =
  /** In the header. */
  | { readonly kind: 'compact'; readonly bytes: Uint8Array }
  /** In one piece, which is read as if it were chunks. */
  | { readonly kind: 'contiguous'; readonly offset: number }
  /** Chunks without filters one after the other. */
  | { readonly kind: 'implicit'; readonly offset: number }
  | { readonly kind: 'listed'; readonly places: ReadonlyMap<number, ChunkPlace> };

/** What the metadata say about a dataset of numbers: all that is needed to read it. */
export interface DatasetFacts {
  readonly path: string;
  readonly shape: readonly number[];
  readonly stored: StoredType;
  readonly bigEndian: boolean;
  /** As long as the shape, [1] for a single value; at least 1 in every dimension. */
  readonly chunkShape: readonly number[];
  readonly filters: readonly Filter[];
  /** Chunks that reach beyond the shape skip all filters. */
  readonly plainEdges: boolean;
  /** The attribute `_FillValue`. */
  readonly fillValue: number | bigint | undefined;
  /** One value as stored, for what was never written; undefined means zero. */
  readonly absent: Uint8Array | undefined;
  readonly storage: Storage;
}
