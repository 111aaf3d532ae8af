import { countOf } from './dataspace.js';

/**
 * The chunks of a dataset in all its dimensions. They are numbered in row-major order of the chunks that lie inside the
 * shape: all chunks that hold the same rows follow each other, and are one chunk to whoever reads rows.
 */
export class ChunkGrid {
  readonly rank: number;
  /** Chunks in every dimension. */
  readonly counts: readonly number[];
  /** Chunks side by side that hold the same rows. */
  readonly tiles: number;
  readonly rowChunks: number;
  /** Values per chunk, and per row of the dataset. */
  readonly chunkValues: number;
  readonly rowValues: number;
  readonly #steps: readonly number[];

  /** Both shapes have the same rank; a single value is a dataset of shape [1]. Chunks have at least 1 value. */
  constructor(
    readonly shape: readonly number[],
    readonly chunkShape: readonly number[]
  ) {
    this.rank = shape.length;
    this.counts = shape.map((size, d) => Math.ceil(size / chunkShape[d]!));
    this.tiles = countOf(this.counts.slice(1));
    this.rowChunks = this.tiles === 0 ? 0 : this.counts[0]!;
    this.chunkValues = countOf(chunkShape);
    this.rowValues = countOf(shape.slice(1));
    this.#steps = stepsOf(this.counts);
  }

  /** Chunks in all. */
  get size(): number {
    return this.rowChunks * this.tiles;
  }

  /** Whether a chunk is as wide as the dataset in every dimension but the first. */
  get isWholeRows(): boolean {
    return this.chunkShape.every((size, d) => d === 0 || size === this.shape[d]);
  }

  /** Number of the chunk at a place counted in chunks; undefined when it lies outside of the shape. */
  numberOf(place: readonly number[]): number | undefined {
    let number = 0;
    for (let d = 0; d < this.rank; d++) {
      if (!(place[d]! < this.counts[d]!)) return undefined;
      number += place[d]! * this.#steps[d]!;
    }
    return number;
  }

  /** The inverse of {@link numberOf}. */
  placeOf(number: number): number[] {
    return placeIn(this.counts, number);
  }

  /** Whether a chunk reaches beyond the shape. */
  isEdge(number: number): boolean {
    return this.placeOf(number).some((at, d) => (at + 1) * this.chunkShape[d]! > this.shape[d]!);
  }
}

/** How far the number of an element moves with each dimension, the last one fastest. */
export function stepsOf(counts: readonly number[]): number[] {
  const steps = counts.map(() => 1);
  for (let d = counts.length - 2; d >= 0; d--) steps[d] = steps[d + 1]! * counts[d + 1]!;
  return steps;
}

/** The place of element `number` in row-major order. */
export function placeIn(counts: readonly number[], number: number): number[] {
  const place = counts.map(() => 0);
  let left = number;
  for (let d = counts.length - 1; d > 0; d--) {
    place[d] = left % counts[d]!;
    left = Math.floor(left / counts[d]!);
  }
  place[0] = left;
  return place;
}
