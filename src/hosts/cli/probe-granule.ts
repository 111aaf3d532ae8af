import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MaggError, throwIfAborted } from '../../base/index.js';
import { isUrl } from '../../catalog/index.js';
import { hostLimiter, probeHttp } from '../../io/index.js';
import type { PlannedGranule } from '../../runner/index.js';

/** Questions at a time, per host. */
const CONNECTIONS = 8;

/** Hosts that have not answered: asking them for every granule would cost a time-out each. */
const silent = new Set<string>();

/**
 * Size and tag of a granule without reading it: of a file from its folder, of a URL for one byte. What cannot be told is left out:
 * a granule that is not there is told when it is read.
 */
export async function probeGranule(url: string, signal: AbortSignal): Promise<Pick<PlannedGranule, 'sizeBytes' | 'tag'>> {
  if (/^https?:/i.test(url)) return probeUrl(url, signal);
  const path = /^file:/i.test(url) ? fileURLToPath(url) : url;
  const stat = isUrl(path) ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat?.isFile() ? { sizeBytes: Number(stat.size), tag: `mtime:${stat.mtimeNs}` } : {};
}

async function probeUrl(url: string, signal: AbortSignal): Promise<Pick<PlannedGranule, 'sizeBytes' | 'tag'>> {
  const { host } = new URL(url);
  if (silent.has(host)) return {};
  try {
    return (await probeHttp(url, { limiter: hostLimiter(url, CONNECTIONS) }, signal)) ?? {};
  } catch (error) {
    throwIfAborted(signal);
    if (!(error instanceof MaggError)) throw error;
    silent.add(host); // reading it will say what is wrong, with the remedy
    return {};
  }
}
