import type { RunEvent } from './events.js';
import type { CellRecord } from './journal-record.js';
import { differingSettings, type Settings } from './settings.js';

/** What a run leaves in the store that is not of its own settings and granules. */
export interface LeftOutdated {
  /** Cells that the run did not choose. */
  readonly unchosen: number;
  /** Cells that it could not compute since a read failed. */
  readonly kept: number;
  /** What is known of the cells of the store. */
  readonly records: Iterable<CellRecord>;
  readonly settings: Settings;
  /** Those of earlier plans, by id. */
  readonly plans: ReadonlyMap<string, { readonly settings: Settings }>;
}

/** Values of different origin never stand in one store without a word. */
export function outdatedNotices({ unchosen, kept, records, settings, plans }: LeftOutdated): readonly Extract<RunEvent, { type: 'run-notice' }>[] {
  const cells = (count: number): string => `${count} ${count === 1 ? 'cell' : 'cells'}`;
  const notices: Extract<RunEvent, { type: 'run-notice' }>[] = [];
  if (kept > 0) {
    const ids = new Set([...records].filter(({ outcome }) => outcome === 'outdated').map(({ planId }) => planId));
    const others = new Set([...ids].flatMap(id => { const plan = plans.get(id); return plan ? differingSettings(plan.settings, settings) : []; }));
    const told = others.size > 0 ? `, of other settings (${[...others].join(', ')})` : '';
    notices.push({
      type: 'run-notice', tag: 'cells-kept',
      message: `${cells(kept)} could not be computed anew, and ${kept === 1 ? 'keeps' : 'keep'} the values of an earlier run${told}: the store marks ${kept === 1 ? 'it' : 'them'} as outdated and counts as partial until the same command succeeds`
    });
  }
  if (unchosen > 0) {
    notices.push({
      type: 'run-notice', tag: 'cells-outdated',
      message: `${cells(unchosen)} of the store that this run did not choose ${unchosen === 1 ? 'holds' : 'hold'} values of other settings or granules: the store counts as partial until the same run goes on without a choice of cells`
    });
  }
  return notices;
}
