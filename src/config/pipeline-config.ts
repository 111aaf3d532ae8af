import type { JsonObject } from '../base/index.js';
import type { Expression } from './expression.js';

export type LatitudeConvention = 'authalic' | 'spherical';
export type DataType = 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'float32' | 'float64';
export type Compression = 'none' | 'gzip' | 'zstd';

/** HEALPix order of the chunks where neither the config nor a catalog says one. */
export const DEFAULT_PARENT_ORDER = 6;

/** Keep the rows where `dataset` equals `value`. */
export interface EqualFilter {
  readonly kind: 'equal';
  /** Path template, with `{group}` when the config has groups. */
  readonly dataset: string;
  readonly value: number;
}
export type RowFilter = EqualFilter;

export interface DataSource {
  readonly driver: 'auto' | 'file' | 'https' | 's3';
  /** Undefined: one pass over the file, templates without `{group}`. */
  readonly groups: readonly string[] | undefined;
  /** Paths, URLs or globs as written; instead of a catalog. */
  readonly granules: readonly string[] | undefined;
  readonly latitude: string;
  readonly longitude: string;
  /** Column name and its path template, in the order of the file. */
  readonly columns: readonly { readonly name: string; readonly dataset: string }[];
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
  /** True for `len` and `count`: child cells without rows in a written parent hold 0, not the fill value. */
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
  readonly catalog: string | undefined;
  readonly bounds: {
    readonly startDate: string | undefined;
    readonly endDate: string | undefined;
    readonly spatial: readonly number[] | JsonObject | undefined;
  };
  /** The document as it was read, for provenance and the Lambda event. */
  readonly document: JsonObject;
}
