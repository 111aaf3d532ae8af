import { RunBuilder, type ParentVerdict, type RowBlock, type RowMemory } from '../../aggregate/index.js';
import { throwIfAborted } from '../../base/index.js';
import type { PipelineConfig } from '../../config/index.js';
import type { CellEncoder } from '../../grid/index.js';
import type { DecodeRooms, Hdf5File } from '../../hdf5/index.js';
import type { ReadBuffer } from '../../io/index.js';
import type { ReadOutcome } from '../events.js';
import { BlockParts } from './block-parts.js';
import { chooseWindows, keysOf } from './choose-windows.js';
import { NO_COLUMNS, type ColumnPlan } from './column-plan.js';
import { COMPUTED } from './column-writer.js';
import { filterRows } from './filter-rows.js';
import { learnedIndex, type GranuleIndex, type KnownGranule, type LearnedRows } from './granule-index.js';
import { LostRows } from './lost-rows.js';
import type { WantedCells } from './narrow-windows.js';
import { openGroup, pathsOf } from './open-group.js';
import type { PositionScratch } from './position-scratch.js';
import { RowComputer, type WindowColumn } from './row-computer.js';
import { positionsOf } from './row-positions.js';
import type { TrackScratch } from './track.js';
import { batchesOf, longest, WindowReader } from './window-reader.js';
import { refuseWrongCoordinates } from './wrong-coordinates.js';

/** What one thread lends to every (granule, group) it maps. */
export interface MapTools {
  readonly encoder: CellEncoder;
  /** Of the job's config. */
  readonly columns: ColumnPlan;
  readonly positions: PositionScratch;
  readonly buffer: ReadBuffer;
  readonly rooms: DecodeRooms;
  readonly track: TrackScratch;
  readonly memory: RowMemory;
  /** Most rows of a block; a group with more is given in several, all but the last to `handOver`. */
  readonly mostRows: number;
  readonly handOver: (block: RowBlock) => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

export interface MapRequest {
  readonly config: PipelineConfig;
  readonly parentOrder: number;
  readonly group: string | null;
  readonly purpose: 'rows' | 'positions';
  /** Whether rejected rows count too: their cells are wanted because the plan does not have them yet. */
  readonly needsAllPositions: boolean;
  readonly verdictOf: (parent: number) => ParentVerdict;
  /** Only rows of these cells are looked for; rows elsewhere are not even counted. Undefined: all rows are. */
  readonly wanted: WantedCells | undefined;
  /** What the saved index of the granule says; undefined: none is kept, nothing has to be learned. */
  readonly known: KnownGranule | undefined;
  /** Place in the order of rows, for {@link RowBlock.task}. */
  readonly order: number;
}

/** One (granule, group), read. */
export interface MappedGroup {
  readonly outcome: ReadOutcome;
  /** As the event `granule-finished` has it. */
  readonly rejected?: readonly number[];
  readonly rows: number;
  /** Only rows of some cells were looked for, and there is none, whatever the filters say. */
  readonly isBare: boolean;
  /** Of the rows that the filters keep: those whose coordinates are no place on Earth. */
  readonly rowsWithoutPosition: number;
  /** What a user should know of these; undefined: nothing. */
  readonly lostNotice: string | undefined;
  readonly rowsOutsidePlan: number;
  /** Beyond the area of the catalog. */
  readonly rowsElsewhere: number;
  readonly bytesRead: number;
  /** Columns (as `storedColumns` names them) and runs, of the last rows where there are several blocks; undefined when there is no row. Without columns when only positions were wanted. */
  readonly block: RowBlock | undefined;
  /** What the granule's saved index lacks; undefined: nothing, or none is kept. */
  readonly learned: GranuleIndex | undefined;
}

/**
 * Reads the rows of one (granule, group), leaves out what the filters reject, and finds the cell of every row. Filter
 * datasets are decoded first; where they leave no row, nothing else is decoded. Then, window by window, come let columns and
 * expression filters, positions, and the columns of the rows that are kept. Kept rows at no place on Earth are left out and
 * counted. Throws what reading throws, `bad-filter`, and `bad-coordinates` where not one row has a position.
 */
export async function mapGroup(file: Hdf5File, request: MapRequest, tools: MapTools): Promise<MappedGroup> {
  const { signal } = tools;
  const { config, group, purpose, needsAllPositions, known } = request;
  const plan = purpose === 'rows' ? tools.columns : NO_COLUMNS;
  const toOpen = { config, group, purpose, columns: plan };
  const open = await openGroup(file, toOpen, { signal });
  const learnedOf = (rows: LearnedRows | undefined): GranuleIndex | undefined => learnedIndex(file, known, pathsOf(toOpen), rows);
  if (!open || open.rows === 0) {
    return { outcome: open ? 'empty' : 'absent', rows: 0, isBare: true, rowsWithoutPosition: 0, lostNotice: undefined, rowsOutsidePlan: 0, rowsElsewhere: 0, bytesRead: 0, block: undefined, learned: learnedOf(undefined) };
  }
  const { windows, positions, track, bytes, recorder, learned } = await chooseWindows(file, open, request, tools);
  const kept = await filterRows(file, open, request, windows, tools);
  const toPlace = needsAllPositions || recorder ? windows : windows.filter(window => kept.keepOf(window) !== 'none');
  const computer = plan.program && new RowComputer(plan, plan.program, open.columns, longest(windows));
  const runs = new RunBuilder(tools.encoder.order, request.parentOrder, request.verdictOf);
  const parts = new BlockParts({
    task: request.order,
    kinds: plan.stored.map(({ kind, at }) => (kind === 'let' ? COMPUTED : open.columns[at]!.dataset)),
    runs, memory: tools.memory, totalRows: kept.total, mostRows: purpose === 'rows' ? tools.mostRows : Infinity, handOver: tools.handOver
  });
  let bytesRead = bytes + kept.bytes;
  const lostRows = new LostRows(open);
  let placed = 0;
  let hasKept = false;
  for (const batch of batchesOf(toPlace, open.frame)) {
    tools.buffer.reset();
    const full = batch.filter(window => kept.keepOf(window) !== 'none');
    const unplaced = track || positions.size > 0 ? batch.filter(window => !positions.has(window.from) && !track?.places(window)) : batch;
    const reader = await WindowReader.read(
      file,
      [open.latitude, open.longitude, ...open.columns].map((source, d) => ({ ...source, windows: d < 2 ? unplaced : full })),
      { signal, into: tools.buffer, rooms: tools.rooms }
    );
    throwIfAborted(signal);
    bytesRead += reader.bytes;
    for (const window of batch) {
      const count = window.to - window.from;
      const columnOf = (k: number): WindowColumn => ({ values: reader.rows(k + 2, window), absent: reader.absent(k + 2, window) });
      let keep = kept.keepOf(window);
      if (computer) keep = computer.compute(count, keep, columnOf);
      if (keep === 'none' && !needsAllPositions && !recorder) continue;
      const { cells, rowIndexes } = tools.positions.reserve(count);
      let lost = 0;
      if (track?.places(window)) track.fill(window, cells);
      else {
        const places = positions.get(window.from) ?? positionsOf(reader, window, open);
        lost = tools.encoder.encode(places.latitudes, places.longitudes, count, cells);
        if (lost > 0) lostRows.add(places, cells.face, keep, window.from);
      }
      placed += count - lost;
      recorder?.add(cells, window);
      if (keep === 'none' && !needsAllPositions) continue;
      if (keep !== 'none') await parts.reserve(count);
      const taken = runs.append(cells, keep === 'all' ? undefined : keep === 'none' ? tools.positions.noRows(count) : keep, count, rowIndexes);
      if (keep === 'none') continue;
      hasKept = true;
      plan.stored.forEach(({ kind, at }, k) => {
        const { values, absent } = kind === 'let' ? computer!.letColumn(at) : columnOf(at);
        parts.columns[k]!.append(values, rowIndexes, taken, absent);
      });
    }
  }
  const { firstBad } = lostRows;
  if (firstBad) bytesRead += await refuseWrongCoordinates(file, open, { group, first: firstBad, placed }, tools);
  const block = parts.finish();
  const outcome = hasKept || windows.length === 0 ? 'read' : 'filtered';
  return {
    outcome, ...(outcome === 'filtered' ? { rejected: [...kept.rejected, kept.total] } : {}),
    rows: open.rows, isBare: windows.length === 0, rowsWithoutPosition: lostRows.count, lostNotice: lostRows.notice({ fileName: file.name, group }), rowsOutsidePlan: runs.outside, rowsElsewhere: runs.elsewhere, bytesRead, block,
    learned: learnedOf(recorder ? recorder.finish(...keysOf(request, tools)) : learned)
  };
}
