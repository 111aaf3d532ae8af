import { statSync } from 'node:fs';
import { isUrl } from '../../catalog/index.js';
import type { PlannedGranule } from '../../runner/index.js';

/** Size and tag of a local granule, without opening it. A file that is not there is told when it is read; URLs are not asked. */
export function probeGranule(url: string): Promise<Pick<PlannedGranule, 'sizeBytes' | 'tag'>> {
  const stat = isUrl(url) ? undefined : statSync(url, { bigint: true, throwIfNoEntry: false });
  return Promise.resolve(stat ? { sizeBytes: Number(stat.size), tag: `mtime:${stat.mtimeNs}` } : {});
}
