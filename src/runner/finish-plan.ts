import { foldOverview, overviewRule, trustIn, type OverviewRule, type OverviewTrust } from '../aggregate/index.js';
import type { Abortable } from '../base/index.js';
import type { OutputVariable } from '../config/index.js';
import type { ObjectStore } from '../io/index.js';
import { finishStore, foldOverviews, type OverviewFold, type OverviewNote, type ParentRecord, type ParentState } from '../zarr/index.js';
import type { CellRecord } from './journal-record.js';
import type { CompletePlan } from './plan.js';
import { storeLayout } from './store-layout.js';

/**
 * Writes into the store what follows from all cells together: overviews coarser than the parents, what became of each parent,
 * and that it is finished. `isComplete`: nothing is missing but what the records say.
 */
export async function finishPlan(
  store: ObjectStore, plan: CompletePlan, cells: ReadonlyMap<string, CellRecord>, { isComplete, signal }: Abortable & { readonly isComplete: boolean }
): Promise<void> {
  const layout = storeLayout(plan);
  const records = plan.cells.map(({ morton }) => recordOf(cells.get(morton)));
  const without = plan.cells.map(({ morton }) => cells.get(morton)?.without ?? []);
  await foldOverviews(store, layout, foldOf(plan.config.variables, without), { records, signal });
  await finishStore(store, layout, { records, isComplete, signal });
}

const STATES: Readonly<Record<CellRecord['outcome'], ParentState>> = { data: 'data', partial: 'partial', empty: 'empty', failed: 'failed', started: 'not-computed', outdated: 'outdated' };

function recordOf(record: CellRecord | undefined): ParentRecord {
  if (!record) return { state: 'not-computed', observations: 0, cellsWithData: 0, hash: undefined };
  const { outcome, obs, cellsWithData, hash, overviews } = record;
  return { state: STATES[outcome], observations: obs, cellsWithData, hash, ...(overviews ? { overviews } : {}) };
}

const QUALITIES: Readonly<Record<OverviewTrust, OverviewNote['quality']>> = { exact: 'exact', approximate: 'approximate', 'not-composable': 'not composable' };

/**
 * How each variable follows from the values of finer cells. `without`: per cell of the plan, variables for which no row of it counts;
 * where that is unknown the fill value stands for it.
 */
export function foldOf(variables: readonly OutputVariable[], without: readonly (readonly string[] | 'unknown')[]): OverviewFold {
  const rules = variables.map(variable => overviewRule(variable, variables));
  const places = new Map(variables.map(({ name }, v) => [name, v]));
  return {
    notes: rules.map(rule => ({ quality: QUALITIES[trustIn(rule)], method: methodOf(rule) })),
    fold: (v, { places: cells, values }, out) => {
      const { name, dtype, isCount, fillValue } = variables[v]!;
      const rule = rules[v]!;
      const stored = dtype === 'float32' ? Math.fround(Number(fillValue)) : Number(fillValue);
      const isFill = (i: number): boolean => values[v]!.subarray(i * out.length, (i + 1) * out.length).every(value => Object.is(value, stored));
      const lacks = (told: readonly string[] | 'unknown', i: number): boolean => (told === 'unknown' ? isFill(i) : told.includes(name));
      const own = cells.flatMap((place, i) => (lacks(without[place]!, i) ? [] : [i]));
      const weights = rule.kind === 'weighted-mean' ? values[places.get(rule.weight)!] : undefined;
      const pick = (of: Float64Array, bin: number): Float64Array => Float64Array.from(own, i => of[i * out.length + bin]!);
      for (let bin = 0; bin < out.length; bin++) out[bin] = foldOverview(rule, pick(values[v]!, bin), weights && pick(weights, bin), isCount ? 0 : Number(fillValue));
    }
  };
}

function methodOf(rule: OverviewRule): string {
  switch (rule.kind) {
    case 'sum':
    case 'min':
    case 'max':
    case 'prod':
      return `the ${{ sum: 'sum', min: 'least', max: 'greatest', prod: 'product' }[rule.kind]} of the finer cells`;
    case 'any':
    case 'all':
      return `whether it holds in ${rule.kind} of the finer cells`;
    case 'weighted-mean':
      return `the mean of the finer cells, weighted by ${rule.weight}`;
    case 'mean':
      return 'the mean of the finer cells that have a value';
    case 'none':
      return 'it does not follow from finer cells';
  }
}
