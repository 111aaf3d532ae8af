import { rowsOf, type Domain, type Node } from './graph.js';
import { MAPS, runMap } from './maps.js';
import type { Step } from './memory.js';
import { REDUCTIONS } from './reduction-kernels.js';
import { roomyFloats, roomyIntegers, NO_FLOATS, NO_INTEGERS } from './scratch.js';

type NodeOf<K extends Node['kind']> = Extract<Node, { readonly kind: K }>;

export function mapStep(node: NodeOf<'map'>): Step {
  const entry = MAPS[node.map];
  const ids = node.args.map(arg => arg.id);
  const masks = node.args.map(arg => (arg.rows === 'constant' ? 0 : -1));
  const domain = typeof node.rows === 'string' ? undefined : node.rows.id;
  return {
    reads: node.args,
    makes: [node],
    run({ values, groups }) {
      const n = domain === undefined ? groups[0]!.count : groups[domain]!.rows;
      runMap(entry, values[node.id]!, ids.map(id => values[id]!), masks, n);
    }
  };
}

export function spreadStep(node: NodeOf<'spread'>): Step {
  const { source } = node;
  const domain = rowsOf(node).id;
  return {
    reads: [source],
    makes: [node],
    run({ values, groups }) {
      const { starts, count } = groups[domain]!;
      const out = values[node.id]!;
      const numbers = values[source.id]!;
      for (let k = 0; k < count; k++) out.fill(numbers[source.rows === 'constant' ? 0 : k]!, starts[k], starts[k + 1]);
    }
  };
}

/** Finds the rows of a selection; runs once however many vectors are taken from it. */
export function selectStep(domain: Extract<Domain, { readonly kind: 'selection' }>): Step {
  const { mask, keep, parent, id } = domain;
  let starts = NO_INTEGERS;
  return {
    reads: [mask],
    makes: [],
    run({ values, groups, picks }) {
      const from = groups[parent.id]!;
      const keeps = values[mask.id]!;
      const kept = (picks[id] = roomyIntegers(picks[id] ?? NO_INTEGERS, from.rows + 1));
      starts = roomyIntegers(starts, from.count + 1);
      let rows = 0;
      for (let k = 0; k < from.count; k++) {
        starts[k] = rows;
        rows = (keep === 'true' ? keepTrue : keepNumbers)(keeps, from.starts[k]!, from.starts[k + 1]!, kept, rows);
      }
      starts[from.count] = rows;
      groups[id] = { count: from.count, starts, rows };
    }
  };
}

function keepTrue(mask: Float64Array, from: number, to: number, picks: Int32Array, rows: number): number {
  for (let i = from; i < to; i++) {
    picks[rows] = i;
    rows += Number(mask[i] !== 0);
  }
  return rows;
}

function keepNumbers(values: Float64Array, from: number, to: number, picks: Int32Array, rows: number): number {
  for (let i = from; i < to; i++) {
    picks[rows] = i;
    rows += Number(values[i] === values[i]);
  }
  return rows;
}

/** Where the selection keeps every row, the result is the source itself. */
export function takeStep(node: NodeOf<'take'>): Step {
  const { source } = node;
  const { id } = rowsOf(node);
  const parent = rowsOf(source).id;
  return {
    reads: [source],
    makes: [node],
    run({ values, groups, picks }) {
      const { rows } = groups[id]!;
      const from = values[source.id]!;
      if (rows === groups[parent]!.rows) {
        values[node.id] = from;
        return;
      }
      const out = values[node.id]!;
      const kept = picks[id]!;
      for (let i = 0; i < rows; i++) out[i] = from[kept[i]!]!;
    }
  };
}

/** Counts the rows of a slice in each cell. */
export function sliceRowsStep({ id, parent, start, stop }: Extract<Domain, { readonly kind: 'slice' }>): Step {
  let starts = NO_INTEGERS;
  return {
    reads: [],
    makes: [],
    run({ groups }) {
      const from = groups[parent.id]!;
      starts = roomyIntegers(starts, from.count + 1);
      let rows = 0;
      for (let k = 0; k < from.count; k++) {
        starts[k] = rows;
        const n = from.starts[k + 1]! - from.starts[k]!;
        rows += Math.max(0, bound(stop ?? n, n) - bound(start, n));
      }
      starts[from.count] = rows;
      groups[id] = { count: from.count, starts, rows };
    }
  };
}

export function sliceStep(node: NodeOf<'slice'>): Step {
  const { source, start } = node;
  const { id } = rowsOf(node);
  const parent = rowsOf(source).id;
  return {
    reads: [source],
    makes: [node],
    run({ values, groups }) {
      const from = groups[parent]!;
      const to = groups[id]!;
      const [x, out] = [values[source.id]!, values[node.id]!];
      for (let k = 0; k < to.count; k++) {
        const shift = from.starts[k]! + bound(start, from.starts[k + 1]! - from.starts[k]!) - to.starts[k]!;
        for (let i = to.starts[k]!; i < to.starts[k + 1]!; i++) out[i] = x[i + shift]!;
      }
    }
  };
}

/** Python's bound of a slice as a row from 0 to n. */
function bound(at: number, n: number): number {
  return at < 0 ? Math.max(0, at + n) : Math.min(at, n);
}

export function sizeStep(node: NodeOf<'size'>): Step {
  const { id } = node.of;
  return {
    reads: [],
    makes: [node],
    run({ values, groups }) {
      const { starts, count } = groups[id]!;
      const out = values[node.id]!;
      for (let k = 0; k < count; k++) out[k] = starts[k + 1]! - starts[k]!;
    }
  };
}

export function reductionStep(node: NodeOf<'reduction'>): Step {
  const { source, second } = node;
  const kernel = REDUCTIONS[node.name];
  const domain = rowsOf(source).id;
  let repeated = NO_FLOATS;
  return {
    reads: second ? [source, second] : [source],
    makes: [node],
    run({ values, groups }) {
      const group = groups[domain]!;
      const operand = second ? values[second.id]! : NO_FLOATS;
      if (second?.rows === 'constant') repeated = roomyFloats(repeated, group.count).fill(operand[0]!);
      kernel(values[source.id]!, second?.rows === 'constant' ? repeated : operand, group, values[node.id]!);
    }
  };
}
