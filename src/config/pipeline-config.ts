import type { JsonObject } from '../base/index.js';
import type { Expression } from './expression.js';

export type LatitudeConvention = 'authalic' | 'spherical';
export type DataType = 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'float32' | 'float64';
export type StoreForm = 'dense' | 'full-sphere';
export type Compression = 'none' | 'gzip' | 'zstd';

/** HEALPix order of the chunks where neither the config nor a catalog says one. */
export const DEFAULT_PARENT_ORDER = 6;

/** Numbers of a granule, one per row. */
export interface DatasetPath {
  /** Path template, with `{group}` when the config has groups. */
  readonly dataset: string;
  /** Column of a two-dimensional dataset, from 0; undefined: the dataset has one dimension. */
  readonly column: number | undefined;
  /** The coarse level whose rows it has, spread to the rows that are read; undefined: it has those rows itself. */
  readonly level: string | undefined;
}

/**
 * Coarse rows that stand for stretches of the rows that are read, as segments do for photons. Coarse row i covers the rows
 * `index[i] - indexBase` to `index[i] - indexBase + count[i]` (exclusive); none where the count is 0. Rows that no coarse row
 * covers have no value in the datasets of the level.
 */
export interface Level {
  readonly name: string;
  /** Path templates of datasets of integers, one per coarse row. */
  readonly index: string;
  readonly count: string;
  /** What the first row is called: 1 in ATL03 and ATL08. */
  readonly indexBase: 0 | 1;
}

/** What a value must be for its row to be kept. */
export type RowTest =
  | { readonly op: 'equal' | 'not-equal' | 'less' | 'less-equal' | 'greater' | 'greater-equal'; readonly value: number }
  /** From `low` to `high`, both included. */
  | { readonly op: 'range'; readonly low: number; readonly high: number }
  | { readonly op: 'in'; readonly values: readonly number[] }
  /** Bits by number, 0 the least: all of `set` are 1 and all of `clear` are 0. */
  | { readonly op: 'bits'; readonly set: readonly number[]; readonly clear: readonly number[] }
  | { readonly op: 'not-fill' };

/**
 * Keeps the rows whose value passes the test. A row that holds the dataset's `_FillValue` has no value: only `equal` and
 * `in` that name this very number keep it.
 */
export interface DatasetFilter extends DatasetPath {
  readonly kind: 'dataset';
  readonly test: RowTest;
}

/** Keeps the rows for which an expression over columns is true (not 0, not NaN); a row that lacks a value of it is rejected. */
export interface ExpressionFilter {
  readonly kind: 'expression';
  readonly text: string;
  readonly expression: Expression;
}
export type RowFilter = DatasetFilter | ExpressionFilter;

/** A column that is computed from others, row by row. */
export interface LetColumn {
  readonly name: string;
  readonly text: string;
  /** Over columns of the source and let columns before this one; no reductions. */
  readonly expression: Expression;
}

export interface DataSource {
  readonly driver: 'auto' | 'file' | 'https' | 's3';
  /** Undefined: one pass over the file, templates without `{group}`. */
  readonly groups: readonly string[] | undefined;
  /** Paths, URLs or globs as written; instead of a catalog. */
  readonly granules: readonly string[] | undefined;
  readonly levels: readonly Level[];
  readonly latitude: DatasetPath;
  readonly longitude: DatasetPath;
  /** In the order of the file. */
  readonly columns: readonly (DatasetPath & { readonly name: string })[];
  /** Computed columns, in the order of the file. Their names differ from those of `columns`. */
  readonly lets: readonly LetColumn[];
  /** A row is kept when every filter keeps it. */
  readonly filters: readonly RowFilter[];
}

export interface OutputVariable {
  readonly name: string;
  readonly expression: Expression;
  /** `function` or `expression` as the config wrote it, for attributes and messages. */
  readonly written: { readonly kind: 'function'; readonly name: string } | { readonly kind: 'expression'; readonly text: string };
  readonly dtype: DataType;
  /** Value of cells without data; a bigint only for 64-bit integers. */
  readonly fillValue: number | bigint;
  /** Edges of a histogram, ascending, at least 2: the variable has one value per bin. Undefined: one value per cell. */
  readonly bins: readonly number[] | undefined;
  /** `units`, `long_name` and others, for the array of the store. */
  readonly attributes: JsonObject;
  /** True for `len`, `count` and histograms: child cells without rows in a written parent hold 0, not the fill value. */
  readonly isCount: boolean;
}

export interface OutputCoordinates {
  /** int64: the signed decimal morton id; uint64: the packed word. */
  readonly mortonDtype: 'int64' | 'uint64';
}

/** A pipeline as the program uses it: defaults filled in, expressions parsed, nothing left to check. JSON-like, may cross threads. */
export interface PipelineConfig {
  readonly source: DataSource;
  readonly variables: readonly OutputVariable[];
  readonly coordinates: OutputCoordinates;
  readonly grid: {
    /** HEALPix order of the chunks; undefined: the catalog says. */
    readonly parentOrder: number | undefined;
    readonly childOrder: number;
    readonly latitude: LatitudeConvention;
  };
  readonly store: string | undefined;
  readonly compression: Compression;
  /** dense: a chunk per parent of the plan; full-sphere: a place for every parent of the sphere, chunk = its nested id. */
  readonly layout: StoreForm;
  /**
   * One shard per parent with inner chunks of one cell of `innerOrder` each; undefined: no shards. `auto` and what a catalog's
   * parent order makes of a number are for `resolveInnerOrder`.
   */
  readonly sharding: { readonly innerOrder: number | 'auto' } | undefined;
  /** Coarser orders that the store holds too, ascending, each below the child order. */
  readonly overviews: readonly number[];
  readonly run: {
    /** Bytes of memory that the whole process should stay below; undefined: the host decides. */
    readonly memoryBytes: number | undefined;
    readonly workers: number | undefined;
  };
  readonly catalog: string | undefined;
  readonly bounds: {
    readonly startDate: string | undefined;
    readonly endDate: string | undefined;
    readonly spatial: readonly number[] | JsonObject | undefined;
  };
  /** The document as it was read, for provenance and the Lambda event. */
  readonly document: JsonObject;
}
