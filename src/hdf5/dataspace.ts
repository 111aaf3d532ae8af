import type { PageCache } from './page-cache.js';

export interface Dataspace {
  /** Sizes of the dimensions, [] for a single value; a dataspace without values is one dimension of none. */
  readonly shape: readonly number[];
  /** The sizes it may grow to, Infinity where there is no limit. */
  readonly maxShape: readonly number[];
}

const MAX_RANK = 32;

/** A dataspace message, versions 1 and 2. */
export function readDataspace(pages: PageCache, data: Uint8Array): Dataspace {
  const at = pages.reader(data);
  const version = at.u8();
  const rank = at.u8();
  const hasMax = (at.u8() & 1) !== 0;
  if (version !== 1 && version !== 2) throw pages.damaged(`found a dataspace of version ${version}`);
  if (rank > MAX_RANK) throw pages.damaged(`found a dataspace of ${rank} dimensions`);
  if (version === 1) at.skip(5);
  else if (at.u8() === 2) return { shape: [0], maxShape: [0] };
  const shape: number[] = [];
  const maxShape: number[] = [];
  for (let i = 0; i < rank; i++) shape.push(at.u64());
  for (let i = 0; i < rank; i++) maxShape.push(hasMax ? (at.address() ?? Infinity) : shape[i]!);
  if (!Number.isSafeInteger(countOf(shape))) throw pages.damaged(`found a dataspace of ${shape.join(' x ')} values`);
  return { shape, maxShape };
}

/** How many values a shape holds. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
