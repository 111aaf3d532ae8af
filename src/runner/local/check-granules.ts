import type { RowArena } from '../../aggregate/index.js';
import { throwIfAborted, toErrorRecord } from '../../base/index.js';
import { createEncoder } from '../../grid/index.js';
import { DecodeRooms } from '../../hdf5/index.js';
import { groupsOf } from '../plan.js';
import { withRetry } from '../retry.js';
import { keysOf } from './choose-windows.js';
import { columnPlan } from './column-plan.js';
import { granuleCells } from './granule-cells.js';
import type { GranuleIndex, GranuleIndexStore } from './granule-index.js';
import { GranuleReader, type OpenGranule } from './granule-reader.js';
import type { ThreadHost } from './local-thread.js';
import { mapGroup, type MapRequest, type MapTools } from './map-group.js';
import type { CheckJob } from './messages.js';
import { openGroup } from './open-group.js';
import { PositionScratch } from './position-scratch.js';
import { saveIndexes, type Learning } from './save-indexes.js';
import { TrackScratch } from './track.js';

/** Rows of one (granule, group) in cells that the catalog does not list for the granule. */
interface RowsFound {
  readonly rowsOutsidePlan: number;
  readonly rowsElsewhere: number;
  readonly bytesRead: number;
  readonly learned: GranuleIndex | undefined;
}

const NOTHING: RowsFound = { rowsOutsidePlan: 0, rowsElsewhere: 0, bytesRead: 0, learned: undefined };

/**
 * Takes granule after granule and tells of each which of its rows that the filters keep stand in cells that the catalog does not list for it
 * (`catalog-checked`). Reads filters, what they need, and coordinates; nothing where the saved index of a granule knows all of its
 * cells to be listed. Keeps no row. Rejects only when cancelled: what cannot be read is told as by every reading.
 *
 * @param scratch memory that is free
 * @param indexes saved indexes of granules, used and filled; undefined: none are kept
 */
export async function checkGranules({ map, listings }: CheckJob, host: ThreadHost, scratch: RowArena, indexes: GranuleIndexStore | undefined): Promise<void> {
  const { config, parentOrder, toRead } = map;
  const { onEvent, retry, signal } = host;
  const tools: MapTools = {
    encoder: createEncoder(config.grid.childOrder, config.grid.latitude),
    columns: columnPlan(config, []),
    positions: new PositionScratch(),
    buffer: host.buffer,
    rooms: new DecodeRooms(),
    track: new TrackScratch(),
    memory: scratch,
    mostRows: Infinity,
    handOver: () => Promise.resolve(), // no row is kept
    signal
  };
  const cellsOf = granuleCells(map);
  const granules = new GranuleReader(host, indexes);
  try {
    for (let task = await host.nextTask('check'); task < toRead.length; task = await host.nextTask('check')) {
      const granule = toRead[task]!;
      const planned = map.granules[granule]!;
      const sum = { rowsOutsidePlan: 0, rowsElsewhere: 0, bytesRead: 0 };
      const results: Learning[] = [];
      for (const group of groupsOf(config)) {
        throwIfAborted(signal);
        const request = { config, parentOrder, group, purpose: 'rows', needsAllPositions: false, ...cellsOf(granule), order: 0 } as const;
        try {
          granules.assertReachable(planned);
          const found = await withRetry(() => granules.read(planned, open => rowsNotListed(open, request, tools)), retry, signal, (attempt, { tag, message }) =>
            onEvent({ type: 'granule-retried', granule: planned.id, group, attempt, tag, message })
          );
          sum.rowsOutsidePlan += found.rowsOutsidePlan;
          sum.rowsElsewhere += found.rowsElsewhere;
          sum.bytesRead += found.bytesRead;
          results.push({ kind: 'mapped', granule, learned: found.learned });
        } catch (thrown) {
          throwIfAborted(signal);
          granules.giveUp(planned, thrown);
          const { tag, message, retryable } = toErrorRecord(thrown);
          onEvent({ type: 'granule-failed', granule: planned.id, group, tag, message, retryable });
          results.push({ kind: 'failed' });
        }
        scratch.reset();
        await host.breathe();
      }
      if (indexes) await saveIndexes(indexes, map.granules, results, onEvent);
      const { rowsElsewhere, ...others } = sum;
      onEvent({ type: 'catalog-checked', granule: planned.id, listing: listings[task]!, ...others, ...(rowsElsewhere > 0 ? { rowsElsewhere } : {}), isWhole: results.every(({ kind }) => kind === 'mapped') });
    }
  } finally {
    await granules.close();
  }
}

async function rowsNotListed({ file, known }: OpenGranule, request: Omit<MapRequest, 'known'>, tools: MapTools): Promise<RowsFound> {
  const { config, group, purpose, verdictOf } = request;
  const [key] = keysOf({ ...request, known }, tools);
  const places = known?.places.get(key);
  // An index that lists no parent says that rows may be anywhere.
  if (places && places.parents.length > 0 && places.parents.every(parent => verdictOf(parent) === 'skip')) {
    const open = await openGroup(file, { config, group, purpose, columns: tools.columns }, { signal: tools.signal });
    if (!open || open.rows === places.rows) return NOTHING;
  }
  return mapGroup(file, { ...request, known }, tools);
}
