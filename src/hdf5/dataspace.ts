import type { PageCache } from './page-cache.js';

/** Sizes of the dimensions, [] for a single value; a dataspace without values is one dimension of none. */
export function readDataspace(pages: PageCache, data: Uint8Array): readonly number[] {
  const at = pages.reader(data);
  const version = at.u8();
  const rank = at.u8();
  at.skip(1);
  if (version !== 1 && version !== 2) throw pages.damaged(`found a dataspace of version ${version}`);
  if (rank > 32) throw pages.damaged(`found a dataspace of ${rank} dimensions`);
  if (version === 1) at.skip(5);
  else if (at.u8() === 2) return [0];
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) shape.push(at.u64());
  if (!Number.isSafeInteger(countOf(shape))) throw pages.damaged(`found a dataspace of ${shape.join(' x ')} values`);
  return shape;
}

/** How many values a shape holds. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
