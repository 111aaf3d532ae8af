import type { Abortable } from '../../base/index.js';
import { assertUnchanged, type RangeSource } from '../../io/index.js';
import type { PlannedGranule } from '../plan.js';

/**
 * The source, once it is known to hold what was planned, as far as the plan says what that is. Throws `granule-changed` with
 * both states, now or (HTTP) with the first read; then the source is closed.
 */
export async function plannedSource(source: RangeSource, { sizeBytes, tag }: PlannedGranule, options: Abortable): Promise<RangeSource> {
  try {
    if (sizeBytes !== undefined) await source.expect({ sizeBytes, tag }, options);
    else if (tag !== undefined) {
      const now = { sizeBytes: await source.size(options), tag: await source.tag(options) };
      assertUnchanged(source.name, { sizeBytes: now.sizeBytes, tag }, now);
    }
    return source;
  } catch (error) {
    await source.close();
    throw error;
  }
}
