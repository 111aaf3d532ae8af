import type { CompletePlan } from '../plan.js';
import type { Crew } from './crew.js';
import { mapJob } from './job.js';
import type { CheckJob } from './messages.js';
import type { ToldFailures } from './told-failures.js';

/** What a check of the catalog needs besides the plan. */
export interface CatalogCheck {
  readonly crew: Crew;
  readonly told: ToldFailures;
  /** Granules, by their position in the plan, that this run has read whole or tried to. */
  readonly hasRead: (granule: number) => boolean;
  /** Where indexes of granules are kept; undefined: nowhere. */
  readonly indexFolder: string | undefined;
}

/**
 * Looks in granules of which no run has seen all rows for those in cells that the catalog does not list: what is read for some cells alone
 * does not show them. A granule that could not be reached in this run is left for the next: its cells have failed.
 */
export async function checkCatalog(plan: CompletePlan, { crew, told, hasRead, indexFolder }: CatalogCheck): Promise<void> {
  const toCheck = (plan.unchecked ?? []).filter(({ granule }) => !hasRead(granule) && !told.isUnreached(plan.granules[granule]!.id));
  if (toCheck.length === 0) return;
  told.lookAgain();
  const job: CheckJob = {
    map: { ...mapJob(plan, 'rows', []), reads: 'all', toRead: Int32Array.from(toCheck, ({ granule }) => granule), indexFolder },
    listings: toCheck.map(({ listing }) => listing)
  };
  await crew.check(job);
}
