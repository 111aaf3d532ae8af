import type { ErrorRecord } from '../base/index.js';
import type { AttributeValue, Hdf5Node, NumericArray, NumericType } from './hdf5-file.js';

/** What the library says of a dataset of numbers. */
export interface LibraryFacts {
  readonly shape: readonly number[];
  readonly type: NumericType;
  /** Rows per chunk of the file; undefined where it is not chunked, as a virtual dataset. */
  readonly chunkRows: number | undefined;
  readonly fillValue: number | bigint | undefined;
}

/** Rows `from` to `to` (exclusive) of a dataset of any rank; of one column if `column` says so. */
export interface RowsWanted {
  readonly from: number;
  readonly to: number;
  readonly column: number | undefined;
}

/** What is asked, one call of the library each, small enough that how long it takes has a bound. Paths are absolute. */
export interface LibraryQuestions {
  /** The first question. The bytes are transferred. */
  readonly open: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
  readonly exists: { readonly path: string };
  readonly dataset: { readonly path: string };
  /** Paths below a group, the group itself not among them; of a dataset its own. */
  readonly paths: { readonly path: string };
  /** What stands there; links that lead nowhere are left out. `path` is the group that was asked for. */
  readonly nodes: { readonly path: string; readonly paths: readonly string[] };
  readonly attributes: { readonly path: string };
  readonly values: { readonly path: string; readonly type: NumericType; readonly shape: readonly number[]; readonly parts: readonly RowsWanted[] };
  /** Frees the file; another may be opened then. */
  readonly close: object;
}

export type LibraryKind = keyof LibraryQuestions;
export type LibraryQuestion<K extends LibraryKind = LibraryKind> = { readonly [P in K]: { readonly kind: P } & LibraryQuestions[P] }[K];

/** What each question is answered with. */
export interface LibraryAnswers {
  readonly open: undefined;
  readonly exists: boolean;
  readonly dataset: LibraryFacts | undefined;
  readonly paths: readonly string[];
  readonly nodes: readonly Hdf5Node[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** One array per part. */
  readonly values: readonly NumericArray[];
  /** Bytes of memory that the library keeps for the next file. */
  readonly close: number;
}

export type LibraryAnswer = LibraryAnswers[LibraryKind];

/** From the worker. One question at a time, so messages need no numbers. */
export type LibraryReply =
  /** The library is loaded and begins with the question: its time runs from here. */
  | { readonly type: 'taken' }
  | { readonly type: 'answer'; readonly answer: LibraryAnswer }
  /** `isBroken`: the library cannot be asked again. */
  | { readonly type: 'failed'; readonly error: ErrorRecord; readonly isBroken: boolean };
