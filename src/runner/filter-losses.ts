import type { PipelineConfig, RowFilter } from '../config/index.js';
import type { RunEvent } from './events.js';

/** Adds up what the filters reject, for a run in which they leave nothing. */
export class FilterLosses {
  #rejected: number[] = [];
  #hasRows = false;

  add(event: RunEvent): void {
    if (event.type === 'catalog-checked' && (event.rowsOutsidePlan > 0 || event.rowsElsewhere !== undefined)) this.#hasRows = true;
    if (event.type !== 'granule-finished') return;
    if (event.kept > 0 || event.rowsOutsidePlan > 0 || event.rowsElsewhere !== undefined || event.rowsWithoutPosition > 0) this.#hasRows = true;
    event.rejected?.forEach((rows, f) => (this.#rejected[f] = (this.#rejected[f] ?? 0) + rows));
  }

  /** What to tell the user where every row that was read was rejected: which filter rejected how many. Undefined otherwise. */
  notice({ source: { filters } }: PipelineConfig): { readonly tag: string; readonly message: string } | undefined {
    const total = this.#rejected.reduce((sum, rows) => sum + rows, 0);
    if (this.#hasRows || total === 0) return undefined;
    const ofDatasets = filters.filter(filter => filter.kind === 'dataset').map(filterText);
    const others = filters.flatMap(filter => (filter.kind === 'expression' ? filterText(filter) : []));
    const list = [...ofDatasets, others.join(' and ')].flatMap((text, f) => ((this.#rejected[f] ?? 0) > 0 ? `${text} rejects ${this.#rejected[f]}` : []));
    return {
      tag: 'filters-leave-nothing',
      message: `no row passes the filters: of ${total} rows that were read, ${list.join('; of those left, ')}. Look at the values (magg inspect lists the datasets of a granule), or change data_source.filters`
    };
  }
}

const SIGNS = { equal: '=', 'not-equal': '≠', less: '<', 'less-equal': '≤', greater: '>', 'greater-equal': '≥' } as const;

/** A filter as a reader says it, such as `/{group}/heights/signal_conf_ph (column 3) ≥ 3`. */
function filterText(filter: RowFilter): string {
  if (filter.kind === 'expression') return filter.text;
  const { dataset, column, test } = filter;
  const what = column === undefined ? dataset : `${dataset} (column ${column})`;
  switch (test.op) {
    case 'range':
      return `${what} from ${test.low} to ${test.high}`;
    case 'in':
      return `${what} in ${test.values.join(', ')}`;
    case 'bits':
      return `${what} with bits ${[...test.set.map(bit => `${bit} set`), ...test.clear.map(bit => `${bit} clear`)].join(', ')}`;
    case 'not-fill':
      return `${what} not the fill value`;
    default:
      return `${what} ${SIGNS[test.op]} ${test.value}`;
  }
}
