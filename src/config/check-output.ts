import { innerOrderProblem } from './inner-order.js';
import { readMemory } from './memory-size.js';
import type { Partially } from './partial.js';
import type { Output, PipelineDocument } from './pipeline-document.generated.js';
import type { Report } from './report.js';

/** Orders of shards and overviews go with the grid, and the memory of a run is a size. */
export function checkOutput({ output, run }: Partially<PipelineDocument>, report: Report): void {
  if (output) {
    checkSharding(output, report);
    checkOverviews(output, report);
  }
  const path = ['run', 'memory'];
  const memory = run?.memory === undefined ? undefined : readMemory(run.memory);
  if (typeof memory !== 'object') return;
  const { problem, near } = memory;
  report.add({ code: 'wrong-value', path, message: `run.memory: ${problem}`, fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: near } });
}

function checkSharding({ sharding, grid }: Partially<Output>, report: Report): void {
  const inner = typeof sharding === 'object' ? sharding.inner_order : undefined;
  const child = grid?.child_order;
  if (inner === undefined || child === undefined) return;
  const path = ['output', 'sharding', 'inner_order'];
  const parent = grid?.parent_order;
  if (parent !== undefined && parent <= child) {
    const problem = innerOrderProblem(inner, parent, child);
    if (problem !== undefined) report.add({ code: 'orders', path, message: problem });
  } else if (inner > child) {
    report.add({ code: 'orders', path, message: `inner_order ${inner} is above child_order ${child}: inner chunks are made of whole cells; take at most ${child}` });
  }
}

function checkOverviews({ overviews, grid }: Partially<Output>, report: Report): void {
  const child = grid?.child_order;
  if (child === undefined) return;
  overviews?.forEach((order: number | null, i) => {
    if (order === null || order < child) return;
    report.add({ code: 'orders', path: ['output', 'overviews', i], message: `the overview of order ${order} is no coarser than the cells, child_order ${child}: ${child === 0 ? 'cells of order 0 have none' : `take 0 to ${child - 1}`}` });
  });
}
