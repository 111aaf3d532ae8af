/** How the reads of a (granule, group) ended so far. */
export type PairEnd = 'absent' | 'read' | 'failed';

const RANK: Readonly<Record<PairEnd, number>> = { absent: 0, read: 1, failed: 2 };

/**
 * Counts (granule, group) pairs, not reads: cell-by-cell runs read a pair once for each cell. One that failed for any cell is
 * failed, whatever came of it for others. Remembers pairs, so its size does not depend on the number of cells.
 */
export class PairTally {
  readonly #ends = new Map<string, Map<string | null, PairEnd>>();
  readonly #counts: Record<PairEnd, number> = { absent: 0, read: 0, failed: 0 };

  add({ granule, group }: { readonly granule: string; readonly group: string | null }, end: PairEnd): void {
    let groups = this.#ends.get(granule);
    if (!groups) this.#ends.set(granule, (groups = new Map<string | null, PairEnd>()));
    const known = groups.get(group);
    if (known !== undefined) {
      if (RANK[known] >= RANK[end]) return;
      this.#counts[known]--;
    }
    groups.set(group, end);
    this.#counts[end]++;
  }

  /** Pairs of which any read has ended: absent, read or failed. */
  get ended(): number {
    return this.#counts.absent + this.#counts.read + this.#counts.failed;
  }

  /** Pairs that the granule has and that no read of failed. */
  get read(): number {
    return this.#counts.read;
  }

  get failed(): number {
    return this.#counts.failed;
  }
}
