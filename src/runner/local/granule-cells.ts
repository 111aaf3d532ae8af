import type { ParentVerdict } from '../../aggregate/index.js';
import { isWithin } from '../../catalog/index.js';
import type { MapJob } from './job.js';
import { wantedCells } from './narrow-windows.js';

/** What a plan wants of the cells that one granule meets. */
export interface GranuleCells {
  readonly verdictOf: (parent: number) => ParentVerdict;
  /** Where rows are wanted, if only there; undefined: everywhere. */
  readonly wanted: ReturnType<typeof wantedCells> | undefined;
}

/** Looks up the cells of granules, by their position in the job; that of the last granule is kept for its other groups. */
export function granuleCells({ planned, area, selected, only, reads, parentOrder, config }: MapJob): (granule: number) => GranuleCells {
  if (only !== undefined) {
    const cells: GranuleCells = { verdictOf: parent => (parent === only ? 'keep' : 'skip'), wanted: wantedCells([only], parentOrder, config.grid.latitude) };
    return () => cells;
  }
  const computed = selected && new Set(selected);
  const isComputed = (parent: number): boolean => computed === undefined || computed.has(parent);
  const verdict = (parent: number): ParentVerdict => (isComputed(parent) ? 'keep' : 'skip');
  const unplanned = (parent: number): ParentVerdict => (area && !isWithin(area, parent, parentOrder, config.grid.latitude) ? 'elsewhere' : 'outside');
  if (!planned) return () => ({ verdictOf: verdict, wanted: undefined });
  let last = -1;
  let cells: GranuleCells;
  return granule => {
    if (granule !== last) {
      const own = new Set(Array.from(planned.byGranule[granule]!, c => planned.parents[c]!));
      cells = {
        verdictOf: parent => (own.has(parent) ? verdict(parent) : unplanned(parent)),
        wanted: reads === 'selected' ? wantedCells([...own].filter(isComputed), parentOrder, config.grid.latitude) : undefined
      };
      last = granule;
    }
    return cells;
  };
}
