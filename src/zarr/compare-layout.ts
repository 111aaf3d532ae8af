import { arraysOf, type ArraySpec } from './array-spec.js';
import { formatExactJson, type ExactJson } from './exact-json.js';
import type { OpenLayout } from './layout.js';
import { valuesPerCell } from './layout.js';
import { overviewOrders } from './overview-layouts.js';
import type { StoredArray } from './stored-array.js';
import type { StoredGroup } from './stored-group.js';

/** One way in which a group differs from the layout of a run. */
export interface StoreDifference {
  readonly name: 'grid' | 'layout' | 'latitude' | 'overviews' | 'variables' | 'dtype' | 'fill_value' | 'bins' | 'sharding' | 'codecs';
  /** What the run would write, and what stands there. */
  readonly expected: string;
  readonly found: string;
}

/** How a group differs from a layout: parents and attributes of variables are no difference, they may change. */
export function* differencesOf(group: StoredGroup, layout: OpenLayout): Generator<StoreDifference> {
  if (group.parentOrder !== layout.parentOrder) {
    yield { name: 'grid', expected: `chunks of order ${layout.parentOrder}`, found: `chunks of order ${group.parentOrder}` };
  }
  const { form = 'dense' } = layout;
  if (group.form !== form) yield { name: 'layout', expected: form, found: group.form };
  if (group.latitude !== layout.latitude) yield { name: 'latitude', expected: layout.latitude, found: group.latitude ?? 'no known convention' };
  const [wanted, standing] = [overviewOrders(layout), overviewOrders({ ...layout, overviews: group.overviews })].map(orders => orders.join(', ') || 'none');
  if (wanted !== standing) yield { name: 'overviews', expected: wanted! + addedOrder(layout), found: standing! };
  // Another form has other coordinates and other chunks: one difference says it.
  if (group.form === form) yield* arrayDifferences(group, layout);
}

const addedOrder = (layout: OpenLayout): string =>
  overviewOrders(layout).length > (layout.overviews ?? []).length ? ` (${layout.parentOrder}, the parent order, is added: coarser ones are folded from it)` : '';

/** Whether every variable has the attributes that the layout would write. */
export function hasSameAttributes(group: StoredGroup, layout: OpenLayout): boolean {
  const stored = new Map(group.variables.map(array => [array.name, array.attributes]));
  return arraysOf(layout).every(({ name, role, attributes }) => role !== 'variable' || formatExactJson(stored.get(name) ?? {}) === formatExactJson(attributes));
}

function* arrayDifferences(group: StoredGroup, layout: OpenLayout): Generator<StoreDifference> {
  const stored = new Map([...group.variables, group.cellIds, group.morton].filter(array => array !== undefined).map(array => [array.name, array]));
  const others = new Map(group.others.map(other => [other.name, other]));
  const missing: string[] = [];
  for (const spec of arraysOf(layout)) {
    if (spec.role === 'bins') continue;
    const array = stored.get(spec.name);
    stored.delete(spec.name);
    if (array) {
      yield* oneArray(array, spec, layout);
      continue;
    }
    const other = others.get(spec.name);
    others.delete(spec.name);
    if (other) yield { name: 'variables', expected: `${spec.name} as magg writes it`, found: `${spec.name} with ${other.otherwise}` };
    else missing.push(spec.name);
  }
  if (missing.length > 0) yield { name: 'variables', expected: missing.join(', '), found: 'no such arrays' };
  const extra = [...stored.keys(), ...others.keys()];
  if (extra.length > 0) yield { name: 'variables', expected: 'no other arrays', found: extra.join(', ') };
}

function* oneArray(array: StoredArray, spec: ArraySpec, layout: OpenLayout): Generator<StoreDifference> {
  const { name, dtype, fillValue, compression } = spec;
  if (array.dtype !== dtype) yield { name: 'dtype', expected: `${name} of ${dtype}`, found: `${name} of ${array.dtype}` };
  else if (!Object.is(sameType(array.fillValue), sameType(fillValueAs(dtype, fillValue)))) {
    yield { name: 'fill_value', expected: `${fillValue} in ${name}`, found: `${array.fillValue} in ${name}` };
  }
  const bins = layout.variables.find(variable => variable.name === name)?.bins;
  const [expected, found] = [edgesText(bins), edgesText(array.rank === 2 ? array.attributes.bin_edges : undefined)];
  if (expected !== found) yield { name: 'bins', expected: `${expected} in ${name}`, found: `${found} in ${name}` };
  else if (bins && array.width !== valuesPerCell({ bins })) yield { name: 'bins', expected: `${bins.length - 1} bins in ${name}`, found: `${array.width} bins in ${name}` };
  if (array.innerCells !== spec.innerCells) {
    const text = (cells: number | undefined): string => (cells === undefined ? `no shards in ${name}` : `inner chunks of ${cells} cells in ${name}`);
    yield { name: 'sharding', expected: text(spec.innerCells), found: text(array.innerCells) };
  }
  if (array.compression !== compression) yield { name: 'codecs', expected: `${compression} in ${name}`, found: `${array.compression} in ${name}` };
}

function edgesText(edges: ExactJson | undefined): string {
  return edges === undefined ? 'no bins' : `bins of ${formatExactJson(edges).replace(/\s+/g, '')}`;
}

/** Integers of any form are compared as numbers without loss; a float32 as it is stored. */
function sameType(value: number | bigint): number | string {
  return typeof value === 'bigint' || Number.isInteger(value) ? String(value) : value;
}

function fillValueAs(dtype: string, value: number | bigint): number | bigint {
  return dtype === 'float32' ? Math.fround(Number(value)) : value;
}
