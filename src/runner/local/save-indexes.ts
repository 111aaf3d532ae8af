import { toErrorRecord } from '../../base/index.js';
import type { RunEvent } from '../events.js';
import type { PlannedGranule } from '../plan.js';
import { mergeIndexes, type GranuleIndex, type GranuleIndexStore } from './granule-index.js';
import { loadIndex, saveIndex } from './sealed-index.js';
import type { FailedTask, MappedTask } from './task-results.js';

/** What of the result of a task is of use to indexes. */
export type Learning = Pick<MappedTask, 'kind' | 'granule' | 'learned'> | Pick<FailedTask, 'kind'>;

/** Saves what the tasks of a run learned of granules beyond what was known. What cannot be saved is told: the run goes on without. */
export async function saveIndexes(store: GranuleIndexStore, granules: readonly PlannedGranule[], results: readonly Learning[], onEvent: (event: RunEvent) => void): Promise<void> {
  const learned = new Map<number, GranuleIndex>();
  for (const result of results) {
    if (result.kind !== 'mapped' || !result.learned) continue;
    learned.set(result.granule, mergeIndexes(learned.get(result.granule), result.learned));
  }
  for (const [granule, index] of learned) {
    const { id } = granules[granule]!;
    try {
      await saveIndex(store, id, mergeIndexes(await savedBefore(store, id), index));
    } catch (error) {
      onEvent({ type: 'run-notice', tag: 'index-not-saved', message: toErrorRecord(error).message });
      return; // the folder is at fault, the next granule would say the same
    }
  }
}

/** An index that cannot be used was told of when the granule was opened; it is replaced. */
async function savedBefore(store: GranuleIndexStore, id: string): Promise<GranuleIndex | undefined> {
  try {
    return await loadIndex(store, id);
  } catch {
    return undefined;
  }
}
