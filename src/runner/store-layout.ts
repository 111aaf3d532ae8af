import { resolveInnerOrder } from '../config/index.js';
import type { StoreLayout } from '../zarr/index.js';
import type { CompletePlan, Plan } from './plan.js';

/** The store that a plan writes: a chunk per cell, in the plan's order. */
export function storeLayout(plan: CompletePlan): StoreLayout {
  return { ...openLayout(plan), parents: parentsOf(plan) };
}

/** The same for a plan whose cells may not be known yet. */
export function openLayout(plan: Plan): Omit<StoreLayout, 'parents'> & { readonly parents: StoreLayout['parents'] | undefined } {
  const { config, parentOrder, childOrder, latitude, cells } = plan;
  return {
    parentOrder,
    childOrder,
    latitude,
    parents: cells && parentsOf({ cells }),
    variables: config.variables.map(({ name, dtype, fillValue, bins, attributes }) => ({ name, dtype, fillValue, bins, attributes })),
    mortonDtype: config.coordinates.mortonDtype,
    compression: config.compression,
    form: config.layout,
    innerOrder: resolveInnerOrder(config.sharding, parentOrder, childOrder),
    overviews: config.overviews
  };
}

const parentsOf = ({ cells }: Pick<CompletePlan, 'cells'>): readonly bigint[] => cells.map(cell => BigInt(cell.nested));
