import { RUN_STRIDE, type RowBlock } from '../../aggregate/index.js';
import { mortonText } from '../plan.js';

/** Counts the kept rows of one (granule, group), whose blocks come one after the other. */
export class KeptCells {
  readonly #counts = new Map<number, number>();
  #rows = 0;

  add({ rows, runs: { parents, data } }: RowBlock): void {
    const counts = new Float64Array(parents.length);
    for (let r = 0; r < data.length; r += RUN_STRIDE) counts[data[r]!]! += data[r + 3]!;
    for (let p = 0; p < parents.length; p++) if (counts[p] !== 0) this.#counts.set(parents[p]!, (this.#counts.get(parents[p]!) ?? 0) + counts[p]!);
    this.#rows += rows;
  }

  clear(): void {
    this.#counts.clear();
    this.#rows = 0;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows per parent, of the parents with any, in order of first appearance. */
  cells(parentOrder: number): readonly (readonly [cell: string, rows: number])[] {
    return Array.from(this.#counts, ([parent, rows]) => [mortonText(parent, parentOrder), rows] as const);
  }
}
