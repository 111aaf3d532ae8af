import { MaggError } from '../../base/index.js';
import { sliceLength } from '../../config/index.js';
import { foldMap, mapType, type MapName } from './maps.js';
import type { QuantileRule } from './quantile-rule.js';
import type { ValueType } from './value-type.js';

/**
 * The rows that values stand for: all rows of the frame, those of `parent` that a mask keeps, or as many of `parent` as a slice
 * has. Which rows a slice takes is said by the node that takes them: `h[1:]` and `h[:-1]` are over the same rows.
 */
export type Domain =
  | { readonly kind: 'all'; readonly id: number }
  | { readonly kind: 'selection'; readonly id: number; readonly parent: Domain; readonly mask: Node; readonly keep: 'true' | 'not-nan' }
  | { readonly kind: 'slice'; readonly id: number; readonly parent: Domain; readonly start: number; readonly stop: number | undefined };

/** Statistics of one row vector that one summary computes together. */
export type SummaryName = 'min' | 'max' | 'sum' | 'squares' | 'quantile';
/** Other reductions, each with its own pass; those of two operands take a second row vector or a number per cell. */
export type ReductionName =
  | 'prod' | 'argmin' | 'argmax' | 'nanargmin' | 'nanargmax' | 'any' | 'all' | 'count_nonzero'
  | 'dot' | 'trapezoid' | 'trapezoid-x' | 'at';

interface NodeBase {
  readonly id: number;
  readonly type: ValueType;
}

/**
 * One value of the computation, shared by every variable that needs it. `rows` says what the values stand for: a
 * domain (one per row), 'cell' (one per cell) or 'constant'.
 */
export type Node = NodeBase & { readonly rows: Domain | 'cell' | 'constant' } & (
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'column'; readonly column: number }
  | { readonly kind: 'map'; readonly map: MapName; readonly args: readonly Node[] }
  /** The number of a cell, repeated for each of its rows. */
  | { readonly kind: 'spread'; readonly source: Node }
  /** The values of `source` in the rows of a selection. */
  | { readonly kind: 'take'; readonly source: Node }
  /** The rows `start` to `stop` of each cell, counted from the end where negative. */
  | { readonly kind: 'slice'; readonly source: Node; readonly start: number; readonly stop: number | undefined }
  /** Number of rows of a domain in each cell. */
  | { readonly kind: 'size'; readonly of: Domain }
  /** `squares` is the sum of squared deviations from the mean. */
  | { readonly kind: 'summary'; readonly name: SummaryName; readonly source: Node; readonly rule: QuantileRule | undefined }
  | { readonly kind: 'reduction'; readonly name: ReductionName; readonly source: Node; readonly second: Node | undefined }
);

type Content<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Makes nodes; asked twice for the same value it gives the same node, which is how variables share work. */
export class Graph {
  readonly all: Domain = { kind: 'all', id: 0 };
  readonly #nodes = new Map<string, Node>();
  readonly #domains = new Map<string, Domain>();

  constant(value: number, type: ValueType): Node {
    return this.#intern(`constant ${Object.is(value, -0) ? '-0' : value} ${type}`, { kind: 'constant', value, type, rows: 'constant' });
  }

  column(column: number): Node {
    return this.#intern(`column ${column}`, { kind: 'column', column, type: 'float', rows: this.all });
  }

  /** Applies `map` element by element: constants are folded, numbers of cells are spread over rows where rows take part. */
  map(map: MapName, ...args: readonly Node[]): Node {
    if (args.every(arg => arg.kind === 'constant')) return this.constant(foldMap(map, args.map(arg => arg.value)), mapType(map, args));
    const rows = this.#commonRows(args);
    const aligned = typeof rows === 'string' ? args : args.map(arg => (arg.rows === 'cell' ? this.#spread(arg, rows) : arg));
    return this.#intern(`${map} ${aligned.map(arg => arg.id).join(' ')}`, { kind: 'map', map, args: aligned, type: mapType(map, args), rows });
  }

  /** The rows of the mask's domain where it is true (or, with 'not-nan', is a number). */
  select(mask: Node, keep: 'true' | 'not-nan'): Domain {
    const parent = rowsOf(mask);
    const key = `${keep} ${mask.id}`;
    const made = this.#domains.get(key) ?? { kind: 'selection', id: this.#domains.size + 1, parent, mask, keep };
    this.#domains.set(key, made);
    return made;
  }

  take(source: Node, domain: Domain): Node {
    if (domain.kind !== 'selection' || source.rows !== domain.parent) throw differentRows();
    return this.#intern(`take ${source.id} ${domain.id}`, { kind: 'take', source, type: source.type, rows: domain });
  }

  slice(source: Node, start: number, stop: number | undefined): Node {
    const parent = rowsOf(source);
    const key = `slice ${parent.id} ${sliceLength(start, stop)}`;
    const rows = this.#domains.get(key) ?? { kind: 'slice', id: this.#domains.size + 1, parent, start, stop };
    this.#domains.set(key, rows);
    return this.#intern(`slice ${source.id} ${start} ${stop ?? ''}`, { kind: 'slice', source, start, stop, type: source.type, rows });
  }

  size(of: Domain): Node {
    return this.#intern(`size ${of.id}`, { kind: 'size', of, type: 'integer', rows: 'cell' });
  }

  summary(name: SummaryName, source: Node, type: ValueType, rule?: QuantileRule): Node {
    const key = `${name} ${source.id} ${rule ? `${rule.method} ${rule.q}` : ''}`;
    return this.#intern(key, { kind: 'summary', name, source, rule, type, rows: 'cell' });
  }

  reduction(name: ReductionName, source: Node, type: ValueType, second?: Node): Node {
    if (second && typeof second.rows !== 'string' && second.rows !== source.rows) throw differentRows();
    return this.#intern(`${name} ${source.id} ${second?.id ?? ''}`, { kind: 'reduction', name, source, second, type, rows: 'cell' });
  }

  /** A constant or a number per cell as a vector over the rows of `domain`. */
  overRows(node: Node, domain: Domain): Node {
    if (typeof node.rows === 'string') return this.#spread(node, domain);
    if (node.rows !== domain) throw differentRows();
    return node;
  }

  #spread(source: Node, rows: Domain): Node {
    return this.#intern(`spread ${source.id} ${rows.id}`, { kind: 'spread', source, type: source.type, rows });
  }

  #commonRows(args: readonly Node[]): Domain | 'cell' {
    let common: Domain | 'cell' = 'cell';
    for (const { rows } of args) {
      if (typeof rows === 'string' || rows === common) continue;
      if (common !== 'cell') throw differentRows();
      common = rows;
    }
    return common;
  }

  #intern(key: string, content: Content<Node>): Node {
    const have = this.#nodes.get(key);
    if (have) return have;
    const made = { ...content, id: this.#nodes.size } as Node;
    this.#nodes.set(key, made);
    return made;
  }
}

/** The domain of a row vector. */
export function rowsOf(node: Node): Domain {
  if (typeof node.rows === 'string') throw new MaggError('expression-invalid', 'expected one value per row, found one per cell: use a column here');
  return node.rows;
}

function differentRows(): MaggError {
  return new MaggError(
    'expression-invalid',
    'expected operands over the same rows, found two different selections of rows: apply the same mask to both, as in h[m] - g[m]'
  );
}
