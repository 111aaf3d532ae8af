import { MaggError } from '../base/index.js';

/** 256 cells: less would spend as much on the shard's index and on requests as on values. */
const CHUNK_STEPS = 4;
/** 1024 inner chunks: their index, which each reader of a shard fetches, is 16 KiB. */
const MOST_STEPS = 5;

/** What is wrong with an inner order beside a parent and a child order; undefined: nothing. */
export function innerOrderProblem(innerOrder: number, parentOrder: number, childOrder: number): string | undefined {
  return innerOrder >= parentOrder && innerOrder <= childOrder
    ? undefined
    : `inner_order ${innerOrder} is not from the parent order ${parentOrder} to the child order ${childOrder}: inner chunks are parts of a parent and made of whole cells`;
}

/**
 * The HEALPix order of the inner chunks of a shard, once the parent order is known. `auto` chooses: chunks of 256 cells, or more where a
 * shard would have over 1024 of them, or the whole shard where it has less.
 *
 * @returns undefined without sharding
 * @throws MaggError `config` when a written order is outside the parent and child orders
 */
export function resolveInnerOrder(sharding: { readonly innerOrder: number | 'auto' } | undefined, parentOrder: number, childOrder: number): number | undefined {
  if (!sharding) return undefined;
  const { innerOrder } = sharding;
  if (innerOrder === 'auto') return Math.max(parentOrder, Math.min(childOrder - CHUNK_STEPS, parentOrder + MOST_STEPS));
  const problem = innerOrderProblem(innerOrder, parentOrder, childOrder);
  if (problem !== undefined) throw new MaggError('config', `output.sharding: ${problem}; change output.sharding.inner_order`);
  return innerOrder;
}
