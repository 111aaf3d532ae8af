import type { Domain, Node } from './graph.js';
import type { Step } from './memory.js';
import { mapStep, reductionStep, selectStep, sizeStep, spreadStep, sliceRowsStep, sliceStep, takeStep } from './steps.js';
import { summaryStep, type SummaryNode } from './summary-step.js';

/** Nodes and steps in an order in which everything is made before it is read; statistics of one vector are one step. */
export function schedule(roots: readonly Node[]): { readonly order: readonly Node[]; readonly steps: readonly Step[] } {
  const summaries = new Map<Node, SummaryNode[]>();
  const order: Node[] = [];
  const steps: Step[] = [];
  walk(roots, node => {
    order.push(node);
    if (node.kind === 'summary') summaries.set(node.source, [...(summaries.get(node.source) ?? []), node]);
  }, () => undefined);
  const summarised = new Set<Node>();
  walk(roots, node => {
    if (node.kind === 'map') steps.push(mapStep(node));
    else if (node.kind === 'spread') steps.push(spreadStep(node));
    else if (node.kind === 'take') steps.push(takeStep(node));
    else if (node.kind === 'slice') steps.push(sliceStep(node));
    else if (node.kind === 'size') steps.push(sizeStep(node));
    else if (node.kind === 'reduction') steps.push(reductionStep(node));
    else if (node.kind === 'summary' && !summarised.has(node.source)) {
      summarised.add(node.source);
      steps.push(summaryStep(summaries.get(node.source) ?? []));
    }
  }, domain => steps.push(domain.kind === 'slice' ? sliceRowsStep(domain) : selectStep(domain)));
  return { order, steps };
}

/** Visits every node and every part of the rows once, operands first. */
function walk(roots: readonly Node[], onNode: (node: Node) => void, onPart: (domain: Exclude<Domain, { kind: 'all' }>) => void): void {
  const seen = new Set<Node | Domain>();
  const visitDomain = (domain: Domain): void => {
    if (domain.kind === 'all' || seen.has(domain)) return;
    seen.add(domain);
    if (domain.kind === 'selection') visit(domain.mask);
    else visitDomain(domain.parent);
    onPart(domain);
  };
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'size') visitDomain(node.of);
    if (typeof node.rows !== 'string') visitDomain(node.rows);
    operands(node).forEach(visit);
    onNode(node);
  };
  roots.forEach(visit);
}

function operands(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'constant':
    case 'column':
    case 'size':
      return [];
    case 'map':
      return node.args;
    case 'spread':
    case 'take':
    case 'slice':
    case 'summary':
      return [node.source];
    case 'reduction':
      return node.second ? [node.source, node.second] : [node.source];
  }
}

/** A node and the number of the buffer that its row vector is in. */
export interface Place {
  readonly id: number;
  readonly buffer: number;
}

/** Puts row vectors into the fewest buffers: one is used again as soon as its last reader has run, that of a `kept` one never. */
export function assignBuffers(steps: readonly Step[], kept: ReadonlySet<Node> = new Set()): readonly Place[] {
  const dying = lastReads(steps, kept);
  const assigned: { id: number; buffer: number }[] = [];
  const bufferOf = new Map<Node, number>();
  const free: number[] = [];
  let buffers = 0;
  steps.forEach(({ makes }, s) => {
    // Freed first: a map may write over its operand, element by element.
    for (const node of dying[s]!) {
      const buffer = bufferOf.get(node);
      if (buffer !== undefined) free.push(buffer);
    }
    for (const node of makes) {
      if (typeof node.rows === 'string') continue;
      const buffer = free.pop() ?? buffers++;
      bufferOf.set(node, buffer);
      assigned.push({ id: node.id, buffer });
    }
  });
  return assigned;
}

/** Per step the nodes that no later step reads; after the last one, those that are kept. */
function lastReads(steps: readonly Step[], kept: ReadonlySet<Node>): readonly (readonly Node[])[] {
  const last = new Map([...kept].map(node => [node, steps.length]));
  const dying: Node[][] = [...steps.map(() => []), []];
  for (let s = steps.length - 1; s >= 0; s--) {
    const { reads, makes } = steps[s]!;
    // A taken vector may be its source itself, which must then live as long.
    const until = Math.max(s, ...makes.map(node => (node.kind === 'take' ? (last.get(node) ?? s) : s)));
    for (const node of reads) last.set(node, Math.max(until, last.get(node) ?? 0));
  }
  for (const [node, s] of last) dying[s]!.push(node);
  return dying;
}
