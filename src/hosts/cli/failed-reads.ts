import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord, RunEvent } from '../../runner/index.js';
import { journalFolder } from '../../runner/journal.node.js';

/** A read that failed for good, as the journal tells it. */
export type FailedRead = Pick<Extract<RunEvent, { type: 'granule-failed' }>, 'granule' | 'group' | 'tag' | 'message'>;

const BEGIN = '{"type":"granule-failed"';

/**
 * Failed reads of the last run of each plan that left cells without some rows, in the order of the journal and each once. The
 * records are looked at again for them, so ask only where there are such cells.
 */
export function failedReads(path: string, childOrder: number, { runs, cells }: JournalRecord): readonly FailedRead[] {
  const plans = new Set([...cells.values()].filter(({ outcome }) => outcome === 'partial').map(({ planId }) => planId));
  const last = new Map(runs.flatMap(({ name, planId }) => (planId !== undefined && plans.has(planId) ? [[planId, name] as const] : [])));
  const found = new Map<string, FailedRead>();
  for (const name of last.values()) {
    const file = join(journalFolder(path, childOrder), `${name}.jsonl`);
    // A run that replaces the store may have removed it meanwhile.
    if (!existsSync(file)) continue;
    for (const { granule, group, tag, message } of readsIn(readFileSync(file))) found.set(`${granule} ${group}`, { granule, group, tag, message });
  }
  return [...found.values()];
}

function* readsIn(bytes: Buffer): Iterable<FailedRead> {
  for (let at = bytes.indexOf(BEGIN); at >= 0; at = bytes.indexOf(BEGIN, at + BEGIN.length)) {
    const end = bytes.indexOf('\n', at);
    const line = bytes.toString('utf8', at, end < 0 ? bytes.length : end);
    try {
      yield JSON.parse(line) as FailedRead;
    } catch (error) {
      // Damaged lines are counted where the cells are.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
}
