import type { RunEvent } from './events.js';

type GranuleFinished = Extract<RunEvent, { readonly type: 'granule-finished' }>;

/** Adds up rows without position. They belong to a (granule, group), not to a cell: one that is read for many cells counts once. */
export class LostTally {
  readonly #known = new Map<string, number>();

  /** By how much the sum grows. A read near one cell may see none of the rows, or all. */
  add({ granule, group, rowsWithoutPosition }: Pick<GranuleFinished, 'granule' | 'group' | 'rowsWithoutPosition'>): number {
    if (rowsWithoutPosition === 0) return 0;
    const key = `${granule}\n${group ?? ''}`;
    const known = this.#known.get(key) ?? 0;
    if (rowsWithoutPosition <= known) return 0;
    this.#known.set(key, rowsWithoutPosition);
    return rowsWithoutPosition - known;
  }
}
