import type { OpenLayout, OverviewNote, StoreLayout, StoreVariable } from './layout.js';

/** Orders between a folded overview and its chunks: at most 4,096 cells a chunk. */
const FOLDED_STEP = 6;
const FROM_ROWS: OverviewNote = { quality: 'exact', method: 'computed from the rows of each cell, as a run with this child order does' };

/**
 * Orders of all overviews of a layout, ascending: those that are asked for, and the parent order where a coarser one is
 * among them, since that is folded from it.
 */
export function overviewOrders({ overviews = [], parentOrder, childOrder }: OpenLayout): readonly number[] {
  const orders = new Set(overviews);
  if (parentOrder < childOrder && overviews.some(order => order < parentOrder)) orders.add(parentOrder);
  return [...orders].sort((a, b) => a - b);
}

/**
 * Overviews whose values come from the rows: those of the parent order and finer, ascending. Each has the parents of the
 * layout in the same order, a chunk per parent, and no shards but for its ids, which the template writes.
 */
export function overviewLayouts(layout: StoreLayout): readonly StoreLayout[] {
  const variables = layout.variables.map(variable => ({ ...variable, overview: FROM_ROWS }));
  return overviewOrders(layout)
    .filter(order => order >= layout.parentOrder)
    .map(order => overviewLayout(layout, order, layout.parentOrder, layout.parents, variables));
}

/**
 * Overviews coarser than the parents, ascending. `notes`: what the fold makes of each variable. Their parents are the cells,
 * six orders above theirs or base cells, that hold a parent of the layout, ascending.
 */
export function foldedLayouts(layout: StoreLayout, notes: readonly OverviewNote[]): readonly StoreLayout[] {
  const variables = layout.variables.map((variable, i) => ({ ...variable, overview: notes[i]! }));
  return overviewOrders(layout)
    .filter(order => order < layout.parentOrder)
    .map(order => {
      const parentOrder = Math.max(0, order - FOLDED_STEP);
      const shift = BigInt(2 * (layout.parentOrder - parentOrder));
      const parents = [...new Set(layout.parents.map(parent => parent >> shift))].sort((a, b) => (a < b ? -1 : 1));
      return overviewLayout(layout, order, parentOrder, parents, variables);
    });
}

function overviewLayout(of: StoreLayout, childOrder: number, parentOrder: number, parents: readonly bigint[], variables: readonly StoreVariable[]): StoreLayout {
  const { latitude, mortonDtype, compression, form = 'dense' } = of;
  return { childOrder, parentOrder, parents, variables, latitude, mortonDtype, compression, form, overviewOf: of.childOrder };
}
