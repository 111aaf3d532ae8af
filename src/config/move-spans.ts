import type { Expression, Span } from './expression.js';

/** The same tree `offset` characters further on. */
export function moveSpans(node: Expression, offset: number): Expression {
  const span: Span = { from: node.span.from + offset, to: node.span.to + offset };
  const move = (inner: Expression): Expression => moveSpans(inner, offset);
  switch (node.kind) {
    case 'number':
    case 'boolean':
    case 'text':
    case 'column':
      return { ...node, span };
    case 'list':
      return { ...node, items: node.items.map(move), span };
    case 'unary':
      return { ...node, operand: move(node.operand), span };
    case 'binary':
    case 'compare':
    case 'logical':
      return { ...node, left: move(node.left), right: move(node.right), span };
    case 'if':
      return { ...node, test: move(node.test), then: move(node.then), otherwise: move(node.otherwise), span };
    case 'call':
      return { ...node, args: node.args.map(move), kwargs: Object.fromEntries(Object.entries(node.kwargs).map(([name, value]) => [name, move(value)])), span };
    case 'index':
      return { ...node, target: move(node.target), index: move(node.index), span };
    case 'slice':
      return { ...node, target: move(node.target), span };
  }
}
