import type { CellRows, ColumnValues } from '../../../src/aggregate/index.js';

export interface TestColumn {
  readonly name: string;
  readonly values: ColumnValues;
  readonly missing?: Uint8Array;
}

/** Cells of the given sizes, and the named columns over their rows. */
export interface TestCells {
  readonly rows: CellRows;
  readonly names: readonly string[];
  readonly columns: readonly TestColumn[];
}

/** Sizes on both sides of every limit of the quantile code, with empty cells between them. */
export const SIZES: readonly number[] = [0, 1, 2, 3, 0, 0, 4, 5, 11, 12, 13, 24, 25, 39, 40, 41, 64, 105, 127, 128, 130, 0, 511, 512, 700, 1500, 1, 2, 0];

export function makeCells(sizes: readonly number[], columns: (rows: number, first: Int32Array) => readonly TestColumn[]): TestCells {
  const first = new Int32Array(sizes.length + 1);
  sizes.forEach((size, c) => (first[c + 1] = first[c]! + size));
  const made = columns(first[sizes.length]!, first);
  const rows = { cells: sizes.length, first, columns: made.map(({ values }) => values), missing: made.map(({ missing }) => missing) };
  return { rows, names: made.map(({ name }) => name), columns: made };
}

type Kind = (random: () => number, place: number) => number;
const gauss = (random: () => number): number => random() + random() + random() + random() - 2;

/** Kinds of values a cell may hold; `place` is the row within the cell. */
export const KINDS: Readonly<Record<string, Kind>> = {
  heights: random => 1500 + 20 * gauss(random),
  slope: (random, place) => 900 + 0.25 * place + gauss(random),
  ties: random => 1 + Math.floor(random() * 4),
  constant: () => 1.5,
  offset: random => 1e9 + gauss(random),
  outlier: (random, place) => (place === 3 ? 3.4e30 : 5 + random()),
  tiny: random => 1e-300 * (1 + random()),
  zeros: random => (random() < 0.7 ? 0 : 1),
  someNaN: random => (random() < 0.05 ? NaN : 7 + random()),
  allNaN: () => NaN,
  infinite: random => (random() < 0.1 ? Infinity : 3 + random()),
  bothInfinite: random => (random() < 0.1 ? Infinity : random() < 0.1 ? -Infinity : random()),
  falling: (_, place) => 1e4 - place,
  signed: random => Math.floor(random() * 100) - 50
};

/** Values of one kind per cell, the kinds in turn. */
export function fillByKind(out: ColumnValues, first: Int32Array, kinds: readonly Kind[], random: () => number, shift: number): ColumnValues {
  for (let c = 0; c + 1 < first.length; c++) {
    const kind = kinds[(c + shift) % kinds.length]!;
    for (let i = first[c]!; i < first[c + 1]!; i++) out[i] = kind(random, i - first[c]!);
  }
  return out;
}
