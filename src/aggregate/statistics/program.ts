import type { Frame, RowGroups } from './frame.js';
import type { Domain, Node } from './graph.js';
import type { Memory, Step } from './memory.js';
import { assignBuffers, schedule, type Place } from './schedule.js';
import { NO_FLOATS, roomyFloats, type RowPool } from './scratch.js';

/**
 * The steps that compute some nodes for the cells of a frame, each shared value once. Row vectors live in the fewest
 * buffers: one is used again as soon as its last reader has run.
 */
export class Program {
  readonly #steps: readonly Step[];
  readonly #constants: readonly Node[];
  readonly #columns: readonly { readonly id: number; readonly column: number }[];
  readonly #cellNodes: readonly Node[];
  readonly #rowNodes: readonly Place[];
  readonly #pool: RowPool;
  readonly #memory: Memory = { values: [], groups: [], picks: [], longest: 0 };

  constructor(roots: readonly Node[], pool: RowPool) {
    const { order, steps } = schedule(roots);
    this.#pool = pool;
    this.#steps = steps;
    this.#constants = order.filter(node => node.kind === 'constant');
    this.#columns = order.flatMap(node => (node.kind === 'column' ? [{ id: node.id, column: node.column }] : []));
    this.#cellNodes = order.filter(node => node.rows === 'cell');
    this.#rowNodes = assignBuffers(steps, new Set(roots));
    for (const node of this.#constants) if (node.kind === 'constant') this.#memory.values[node.id] = Float64Array.of(node.value);
  }

  /** Computes everything for the cells of `frame`; results are valid until the next run. */
  run(frame: Frame): void {
    const memory = this.#memory;
    const { values } = memory;
    memory.groups[0] = frame;
    memory.longest = frame.longest;
    for (const { id, column } of this.#columns) values[id] = frame.column(column);
    for (const { id } of this.#cellNodes) values[id] = roomyFloats(values[id] ?? NO_FLOATS, frame.count);
    for (const { id, buffer } of this.#rowNodes) values[id] = this.#pool.buffer(buffer, frame.rows);
    for (const step of this.#steps) step.run(memory);
  }

  /** Values of a root per cell of the frame, per row, or a single one for a constant. */
  result(root: Node): Float64Array {
    return this.#memory.values[root.id]!;
  }

  /** The rows of a domain of a root, in the cells of the frame. */
  groups(domain: Domain): RowGroups {
    return this.#memory.groups[domain.id]!;
  }
}
