import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { inspectStore, type StoreDifference, type StoreState } from '../zarr/index.js';
import { readEarlierRuns, type EarlierRuns } from './earlier-runs.js';
import type { JournalFiles } from './journal.js';
import { readJournal } from './journal-record.js';
import type { Plan } from './plan.js';
import { openLayout } from './store-layout.js';

/** What stands where a run will write. */
export interface FoundStore {
  /** `new`: no group of the child order. `replaced`: one that goes. `continued`: one whose cells and parents stay. */
  readonly kind: 'new' | 'replaced' | 'continued';
  /** What the journal tells of it; only where it is continued. */
  readonly earlier: EarlierRuns | undefined;
}

/**
 * What stands at the path of the store, before anything is read of the granules. Throws when the run must not write there:
 * `not-a-store` for files of somebody else, `store-differs` for a group of ours that is neither to be replaced nor can be
 * continued, `bad-journal`.
 */
export async function lookAtStore(store: ObjectStore, plan: Plan, journal: JournalFiles, overwrite: boolean, options: Abortable): Promise<FoundStore> {
  // Its parents may be others: known ones keep their places, new ones are appended.
  const state = await inspectStore(store, { ...openLayout(plan), parents: undefined }, options);
  if (state.kind === 'foreign') throw new MaggError('not-a-store', `${store.name} holds ${state.found}; it is no store of magg and is left as it is. Choose another --store`);
  if (state.kind === 'damaged') throw new MaggError('not-a-store', `${state.found}; nothing is touched. If ${store.name} is a store of magg, magg verify ${store.name} says what to do; else choose another --store`);
  if (state.kind === 'taken') throw new MaggError('store-differs', `${store.name} has ${state.found}`);
  if (state.kind !== 'group') return { kind: 'new', earlier: undefined };
  if (overwrite) return { kind: 'replaced', earlier: undefined };
  const record = await readJournal(journal);
  if (state.differences.length === 0) return { kind: 'continued', earlier: await readEarlierRuns(plan, store, state, journal, record, options) };
  // A run that was to replace it was cut off while it made room.
  if (record.isReplacing) return { kind: 'replaced', earlier: undefined };
  throw differs(store, plan, state);
}

function differs(store: ObjectStore, plan: Plan, { differences }: Extract<StoreState, { kind: 'group' }>): MaggError {
  const list = differences.map(({ name, expected, found }: StoreDifference) => `${name}: expected ${expected}, found ${found}`).join('; ');
  return new MaggError('store-differs', `the group ${plan.childOrder} of ${store.name} was written for another run: ${list}. Replace it with --overwrite, or choose another --store`);
}
