import { throwIfAborted } from '../../base/index.js';
import { mortonDecimal } from '../../grid/index.js';
import type { ObjectStore } from '../../io/index.js';
import { readParents, type StoredArray, type StoredGroup } from '../../zarr/index.js';
import { ValueComparison, type ValueDifference } from './compare-values.js';
import { UnitReader } from './diff-parents.js';
import { nodeDecoders } from './node-decoders.js';

/** Something that is said of both groups, and not the same. */
export interface FactDifference {
  /** Such as `latitude`, `h_mean dtype`. */
  readonly name: string;
  readonly a: string;
  readonly b: string;
}

export interface VariableDifference extends ValueDifference {
  readonly name: string;
}

/** How two groups of one child order differ. */
export interface GroupDifference {
  readonly childOrder: number;
  readonly facts: readonly FactDifference[];
  /** Ways in which the same values are stored otherwise: no difference. */
  readonly storage: readonly FactDifference[];
  /** Order of the cells that are listed: the finer one of both parent orders. */
  readonly parentOrder: number;
  readonly common: number;
  /** Morton ids of those with values that only one has. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  /** Of the variables that both have, in ascending order of their names. */
  readonly variables: readonly VariableDifference[];
}

export interface DiffContext {
  readonly storeA: ObjectStore;
  readonly storeB: ObjectStore;
  readonly tolerance: number;
  readonly signal: AbortSignal;
  readonly onParent: (done: number, of: number) => void;
}

/** Compares two groups, one parent after the other. Throws `damaged-store`, `damaged-chunk`. */
export async function diffGroups(a: StoredGroup, b: StoredGroup, { storeA, storeB, tolerance, signal, onParent }: DiffContext): Promise<GroupDifference> {
  const options = { codecs: nodeDecoders, signal };
  const [parentsA, parentsB] = [await readParents(storeA, a, options), await readParents(storeB, b, options)];
  const order = Math.max(a.parentOrder, b.parentOrder);
  const [readerA, readerB] = [new UnitReader(storeA, a, parentsA, order, options), new UnitReader(storeB, b, parentsB, order, options)];
  const [unitsA, unitsB] = [new Set(readerA.units()), new Set(readerB.units())];
  const common = [...unitsA].filter(unit => unitsB.has(unit));
  const variablesB = new Map(b.variables.map(array => [array.name, array]));
  const pairs = a.variables.flatMap(array => {
    const other = variablesB.get(array.name);
    return other && other.width === array.width ? [{ a: array, b: other, compared: new ValueComparison(tolerance) }] : [];
  });
  let done = 0;
  for (const unit of common) {
    throwIfAborted(signal);
    // Cells without rows hold zeros in counts where other cells of the parent have some, and the fill value where none has.
    const comparesData = a.parentOrder === b.parentOrder || (await readerA.hasData(a.variables, unit)) || (await readerB.hasData(b.variables, unit));
    for (const pair of comparesData ? pairs : []) {
      const [left, right] = [await readerA.read(pair.a, unit), await readerB.read(pair.b, unit)];
      pair.compared.add({ values: left, fillValue: pair.a.fillValue }, { values: right, fillValue: pair.b.fillValue });
    }
    onParent(++done, common.length);
  }
  const missing = (units: readonly bigint[], others: ReadonlySet<bigint>): readonly bigint[] => units.filter(unit => !others.has(unit));
  const [missingB, missingA] = [missing([...unitsA], unitsB), missing([...unitsB], unitsA)];
  const [onlyA, onlyB] = [await readerA.withData(a.variables, missingB, signal), await readerB.withData(b.variables, missingA, signal)];
  const names = (units: readonly bigint[]): readonly string[] => units.map(unit => mortonDecimal(unit, order).toString());
  return {
    childOrder: a.childOrder, facts: [...factsOf(a, b)], parentOrder: order,
    storage: [...storageOf(a, b), ...unequal('parents without data that the other lacks', String(missingB.length - onlyA.length), String(missingA.length - onlyB.length))],
    common: common.length, onlyA: names(onlyA), onlyB: names(onlyB),
    variables: pairs.map(pair => ({ name: pair.a.name, ...pair.compared.sum }))
  };
}

export const isDifferent = ({ facts, onlyA, onlyB, variables }: GroupDifference): boolean =>
  facts.length > 0 || onlyA.length > 0 || onlyB.length > 0 || variables.some(({ differ }) => differ > 0);

function* factsOf(a: StoredGroup, b: StoredGroup): Generator<FactDifference> {
  yield* unequal('latitude', a.latitude ?? 'unknown', b.latitude ?? 'unknown');
  yield* unequal('finished', a.finished ? 'yes' : 'no', b.finished ? 'yes' : 'no');
  if (a.completeness && b.completeness) yield* unequal('completeness', a.completeness, b.completeness);
  const [left, right] = [a, b].map(group => new Map(group.variables.map(array => [array.name, array])));
  for (const name of [...new Set([...left!.keys(), ...right!.keys()])].sort()) {
    const [one, other] = [left!.get(name), right!.get(name)];
    if (one && other) yield* arrayFacts(one, other);
    else yield { name, a: one ? 'there' : 'not there', b: other ? 'there' : 'not there' };
  }
}

function* arrayFacts(a: StoredArray, b: StoredArray): Generator<FactDifference> {
  yield* unequal(`${a.name} dtype`, a.dtype, b.dtype);
  yield* unequal(`${a.name} fill value`, String(a.fillValue), String(b.fillValue));
  yield* unequal(`${a.name} values per cell`, String(a.width), String(b.width));
  for (const key of [...new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)])].sort()) {
    // Which coordinates there are is a matter of the layout.
    if (key !== 'coordinates' && key !== 'grid_mapping') yield* unequal(`${a.name} attribute ${key}`, text(a.attributes[key]), text(b.attributes[key]));
  }
}

function* storageOf(a: StoredGroup, b: StoredGroup): Generator<FactDifference> {
  yield* unequal('layout', a.form, b.form);
  yield* unequal('parent order', String(a.parentOrder), String(b.parentOrder));
  yield* unequal('overviews', a.overviews.join(', ') || 'none', b.overviews.join(', ') || 'none');
  const compressions = (group: StoredGroup): string => [...new Set(group.variables.map(({ compression }) => compression))].join(', ');
  yield* unequal('compression', compressions(a), compressions(b));
  const inner = (group: StoredGroup): string => [...new Set(group.variables.map(({ innerCells }) => (innerCells === undefined ? 'none' : `inner chunks of ${innerCells} cells`)))].join(', ');
  yield* unequal('shards', inner(a), inner(b));
}

function* unequal(name: string, a: string, b: string): Generator<FactDifference> {
  if (a !== b) yield { name, a, b };
}

const text = (value: unknown): string => (value === undefined ? 'not there' : JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item)));
