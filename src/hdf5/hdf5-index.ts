/**
 * What was learned about a file, as JSON: a second opening that is given it asks for no metadata. Everything in it is
 * checked like the file itself when it comes back.
 */
export interface Hdf5Index {
  readonly version: 1;
  readonly sizeBytes: number;
  /** As {@link RangeSource.tag} gives it; null where nothing is known. */
  readonly tag: string | null;
  readonly datasets: readonly SavedDataset[];
  /** Paths that were asked for and are there, datasets not repeated; and those that are not. */
  readonly present: readonly string[];
  readonly absent: readonly string[];
}

/** A dataset of numbers; bytes are hexadecimal, numbers that JSON lacks (NaN, 64 bits) are text. */
export interface SavedDataset {
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: string;
  readonly bigEndian: boolean;
  readonly chunkShape: readonly number[];
  readonly filters: readonly string[];
  readonly plainEdges: boolean;
  readonly fillValue: string | null;
  readonly absent: string | null;
  readonly storage: SavedStorage;
}

export type SavedStorage =
  | { readonly kind: 'compact'; readonly bytes: string }
  | { readonly kind: 'contiguous' | 'implicit'; readonly offset: number }
  | {
      readonly kind: 'listed';
      /** Numbers of the chunks, ascending; null for 0, 1, 2 and so on. */
      readonly numbers: readonly number[] | null;
      /** Bytes between the end of the chunk before (0 for the first) and this one; negative where it lies before. */
      readonly gaps: readonly number[];
      readonly lengths: readonly number[];
      /** Filters each chunk skips, as bits; null where none does. */
      readonly masks: readonly number[] | null;
    };
