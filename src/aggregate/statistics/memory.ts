import type { RowGroups } from './frame.js';
import type { Node } from './graph.js';

/** Where the steps of a program find their operands and put their results, by the ids of nodes and domains. */
export interface Memory {
  readonly values: Float64Array[];
  readonly groups: RowGroups[];
  /** Per selection: positions in its parent domain of the rows it keeps. */
  readonly picks: Int32Array[];
  /** Rows of the longest cell of any domain. */
  longest: number;
}

/** A piece of work on all cells of a frame. */
export interface Step {
  readonly reads: readonly Node[];
  readonly makes: readonly Node[];
  run(memory: Memory): void;
}
