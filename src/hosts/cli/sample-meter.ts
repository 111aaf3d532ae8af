import { statSync } from 'node:fs';
import { join } from 'node:path';
import { folderStore } from '../../io/folder-store.node.js';
import type { Preview, RunEvent, Sample } from '../../runner/index.js';
import { readGroup, readParents } from '../../zarr/index.js';
import { addIntervals, expandTotal, scaled, type Interval } from './expand-total.js';

/** What the whole of a run will take, judged by a sample of its cells. */
export interface SampleEstimate {
  readonly sample: Sample;
  readonly cellsPlanned: number;
  /** Of the sample, cells that are done, and those of them that were so before. */
  readonly cellsSampled: number;
  readonly cellsCurrent: number;
  readonly cellsFailed: number;
  /** The store had values before: then granules may have been read in part. */
  readonly isContinued: boolean;
  readonly granulesPlanned: number;
  readonly granulesRead: number;
  /** Rows in all cells. */
  readonly observations: Interval;
  /** Bytes of the chunks of all variables, without overviews. */
  readonly outputBytes: Interval;
  /** Seconds that the run of the rest will take; undefined when this one computed nothing. */
  readonly timeS: Interval | undefined;
}

/** Takes the measures of a run over a sample. */
export class SampleMeter {
  readonly #preview: Preview;
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  #readMs = 0;
  #computedMs = 0;
  #current = 0;
  #failed = 0;
  readonly #rowsByGranule = new Map<string, number>();
  readonly #obs = new Map<string, number>();
  readonly #durations: number[] = [];

  constructor(preview: Preview, nowMs: () => number) {
    this.#preview = preview;
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  add(event: RunEvent): void {
    switch (event.type) {
      case 'granule-finished':
        this.#rowsByGranule.set(event.granule, (this.#rowsByGranule.get(event.granule) ?? 0) + event.rows);
        return;
      case 'cells-planned':
        this.#readMs = this.#nowMs() - this.#startedMs;
        return;
      case 'cell-current':
        this.#current++;
        this.#obs.set(event.cell, event.obs);
        return;
      case 'cell-finished':
        this.#obs.set(event.cell, event.obs);
        this.#durations.push(event.durationS);
        this.#computedMs = this.#nowMs() - this.#startedMs;
        return;
      case 'cell-empty':
        this.#obs.set(event.cell, 0);
        this.#durations.push(0);
        this.#computedMs = this.#nowMs() - this.#startedMs;
        return;
      case 'cell-failed':
        this.#failed++;
        return;
      default:
        return;
    }
  }

  /** Call it when the run has ended. @param path of the store */
  async estimate(path: string, sample: Sample): Promise<SampleEstimate> {
    const { plan } = this.#preview;
    const population = plan.cells.length;
    const sizes = await chunkSizes(path, plan.childOrder);
    const nested = new Map(plan.cells.map(cell => [cell.morton, BigInt(cell.nested)]));
    return {
      sample, cellsPlanned: population, cellsSampled: this.#obs.size, cellsCurrent: this.#current, cellsFailed: this.#failed, isContinued: this.#preview.found === 'continued',
      granulesPlanned: plan.granules.length, granulesRead: this.#rowsByGranule.size,
      observations: expandTotal([...this.#obs.values()], population),
      outputBytes: expandTotal([...this.#obs].map(([cell, obs]) => (obs > 0 ? sizes(nested.get(cell)!) : 0)), population),
      timeS: this.#durations.length === 0 ? undefined : this.#time(population)
    };
  }

  /** Reading grows with the rows of all granules, computing with the cells that are left. */
  #time(population: number): Interval {
    const rows = [...this.#rowsByGranule.values()];
    const readRows = rows.reduce((a, b) => a + b, 0);
    const reading = scaled(expandTotal(rows, Math.max(rows.length, this.#preview.plan.granules.length)), readRows === 0 ? 0 : this.#readMs / 1000 / readRows);
    const spent = this.#durations.reduce((a, b) => a + b, 0);
    const left = population - this.#obs.size;
    const n = this.#durations.length;
    // Threads compute side by side: the clock runs slower than the sum of the cells.
    const perCell = spent === 0 ? 0 : (this.#computedMs - this.#readMs) / 1000 / spent;
    const computing = scaled(expandTotal(this.#durations, left + n), perCell, -perCell * spent);
    return addIntervals(reading, computing);
  }
}

/** Bytes of the chunks of all variables of a parent. */
async function chunkSizes(path: string, childOrder: number): Promise<(parent: bigint) => number> {
  const store = folderStore(path);
  const group = await readGroup(store, childOrder);
  if (!group) return () => 0;
  const places = new Map((await readParents(store, group)).map(({ parent, index }) => [parent, index]));
  return parent => {
    const index = places.get(parent);
    const sizeOf = (key: string): number => statSync(join(path, key), { throwIfNoEntry: false })?.size ?? 0;
    return index === undefined ? 0 : group.variables.reduce((sum, array) => sum + sizeOf(`${array.path}/c${array.separator}${index}${array.rank === 2 ? `${array.separator}0` : ''}`), 0);
  };
}
