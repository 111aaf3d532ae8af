/** A random part of the cells of a plan. */
export interface Sample {
  /** Above 0, at most 1. */
  readonly share: number;
  /** Equal seeds choose equal cells. */
  readonly seed: number;
}

/**
 * Positions, ascending, of a share of cells, at least one: those with the smallest hashes of seed and nested id. Each set of
 * that size is equally likely over the seeds, and a larger share contains a smaller one.
 */
export function sampleCells(cells: readonly { readonly nested: number }[], positions: readonly number[], { share, seed }: Sample): readonly number[] {
  const count = Math.min(positions.length, Math.max(1, Math.round(share * positions.length)));
  const keys = new Map(positions.map(place => [place, hashOf(seed, cells[place]!.nested)]));
  return [...positions]
    .sort((a, b) => keys.get(a)! - keys.get(b)! || cells[a]!.nested - cells[b]!.nested)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** 32 bits of a seed below 2^53 and an id below 2^53. */
function hashOf(seed: number, nested: number): number {
  let hash = 0x9e3779b9;
  for (const word of [seed, seed / 2 ** 32, nested, nested / 2 ** 32]) hash = mixed(hash ^ (Math.floor(word) >>> 0));
  return hash;
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain): every bit in changes half of the bits out. */
function mixed(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
