import { MaggError } from '../../base/index.js';
import { folderStore } from '../../io/folder-store.node.js';
import { readGroup, type StoredGroup } from '../../zarr/index.js';
import { printable, type CliHost } from './cli-host.js';
import { Counter } from './counter.js';
import { diffGroups, isDifferent, type GroupDifference, type VariableDifference } from './diff-groups.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { storeGroups } from './store-groups.js';
import { formatCount, formatNumber } from './summary-text.js';

export interface DiffOptions {
  /** Child order. */
  readonly group?: number;
  readonly tolerance?: number;
  readonly json?: boolean;
}

/** `magg diff`: 0 equal, 1 different, 2 something is in the way of comparing, as `diff` has it. */
export async function diffCommand(a: string, b: string, { group: only, tolerance = 0, json = false }: DiffOptions, host: CliHost): Promise<ExitCode> {
  const [ordersA, ordersB] = [ordersOf(a, only), ordersOf(b, only)];
  const common = ordersA.filter(order => ordersB.includes(order));
  const onlyA = ordersA.filter(order => !ordersB.includes(order)), onlyB = ordersB.filter(order => !ordersA.includes(order));
  const counter = new Counter(host);
  const found: GroupDifference[] = [];
  try {
    await host.withInterrupt(async signal => {
      const [storeA, storeB] = [folderStore(a), folderStore(b)];
      for (const order of common) {
        const onParent = (done: number, of: number): void => counter.show(`${order}/: ${formatNumber(done)} of ${formatCount(of, 'parent')} compared`);
        found.push(await diffGroups(await readable(a, order, signal), await readable(b, order, signal), { storeA, storeB, tolerance, signal, onParent }));
      }
    });
  } catch (error) {
    if (error instanceof MaggError && error.tag !== 'cancelled') throw new MaggError('not-compared', `${error.message}; magg verify says what else is wrong with a store`, { cause: error });
    throw error;
  } finally {
    counter.end();
  }
  const isEqual = onlyA.length === 0 && onlyB.length === 0 && !found.some(isDifferent);
  if (json) host.out(`${JSON.stringify({ a, b, equal: isEqual, tolerance, groups_only_in_a: onlyA, groups_only_in_b: onlyB, groups: found.map(groupJson) })}\n`);
  else {
    const lines = [
      ...onlyA.map(order => `${order}/: only in ${a}`), ...onlyB.map(order => `${order}/: only in ${b}`),
      ...found.flatMap(difference => groupLines(a, b, difference))
    ];
    host.out(`${lines.map(printable).join('\n')}\n`);
  }
  return isEqual ? EXIT.ok : EXIT.different;
}

/** All groups but overviews; with `only` that one, and it may be an overview. */
function ordersOf(path: string, only: number | undefined): readonly number[] {
  const orders = storeGroups(path).filter(({ exists }) => exists).map(({ childOrder }) => childOrder);
  if (only !== undefined) return [only];
  if (orders.length === 0) throw new MaggError('not-a-store', `${path} has no group, only its journal is there`);
  return orders;
}

async function readable(path: string, order: number, signal: AbortSignal): Promise<StoredGroup> {
  const group = await readGroup(folderStore(path), order, { signal });
  if (!group) throw new MaggError('usage', `${path} has no group ${order}; its groups are ${storeGroups(path).map(({ childOrder }) => childOrder).join(', ')}`);
  const [other] = group.others;
  if (other) throw new MaggError('damaged-store', `${other.path} of ${path} has ${other.otherwise}, which is not read`);
  return group;
}

const short = (value: number): string => Number(value.toPrecision(4)).toString();

function groupLines(a: string, b: string, difference: GroupDifference): readonly string[] {
  const { childOrder, facts, storage, parentOrder, common, onlyA, onlyB, variables } = difference;
  const stored = storage.map(({ name, a: left, b: right }) => `${name} ${left} and ${right}`);
  const lines = [
    `${childOrder}/: ${isDifferent(difference) ? 'different' : 'equal'}, ${formatCount(common, 'parent')} of order ${parentOrder} in both`,
    ...facts.map(({ name, a: left, b: right }) => `  ${name}: ${left} in ${a}, ${right} in ${b}`),
    ...only(onlyA, a), ...only(onlyB, b), ...variables.filter(({ differ, largest }) => differ > 0 || largest > 0).map(variable => variableLine(a, b, variable))
  ];
  return stored.length > 0 ? [...lines, `  stored otherwise, which is no difference: ${stored.join('; ')}`] : lines;
}

const only = (names: readonly string[], path: string): readonly string[] =>
  names.length === 0 ? [] : [`  ${formatCount(names.length, 'parent')} only in ${path}: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`];

function variableLine(a: string, b: string, { name, values, differ, largest, largestRelative, onlyA, onlyB }: VariableDifference): string {
  const parts = [
    `${formatNumber(differ)} of ${formatCount(values, 'value')} differ`,
    ...(largest > 0 ? [`by at most ${short(largest)} (${short(100 * largestRelative)} %)`] : []),
    ...(onlyA > 0 ? [`${formatNumber(onlyA)} only valid in ${a}`] : []), ...(onlyB > 0 ? [`${formatNumber(onlyB)} only valid in ${b}`] : [])
  ];
  return `  ${name}: ${parts.join(', ')}`;
}

function groupJson(difference: GroupDifference): unknown {
  const { childOrder, facts, storage, parentOrder, common, onlyA, onlyB, variables } = difference;
  // JSON has no infinity.
  const number = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
  return {
    child_order: childOrder, equal: !isDifferent(difference), differences: facts, stored_otherwise: storage, parent_order: parentOrder, parents_in_both: common,
    parents_only_in_a: onlyA, parents_only_in_b: onlyB,
    variables: variables.map(variable => ({
      name: variable.name, values: variable.values, differ: variable.differ, largest: number(variable.largest), largest_relative: number(variable.largestRelative),
      only_valid_in_a: variable.onlyA, only_valid_in_b: variable.onlyB
    }))
  };
}
