import { isScalar, type CST, type Document, type Node } from 'yaml';
import { isJsonObject, type JsonValue } from '../base/index.js';
import type { Path } from './report.js';
import { blockEntry, blockScalar, blockText, flowText, textScalar, type BlockOptions, type TextStyle } from './write-yaml.js';
import { collectionOf, findPath, isEmpty, refuse, refuseShared, type Collection, type Cursor } from './yaml-cursor.js';
import { blockHeader, hasColon, itemEnd, itemsOf, itemStart, keepsLineEnds, tagStart, tokenEnd, valuePlace, type Item } from './yaml-tokens.js';

/** `text` in place of the characters from `from` to `to` (exclusive). */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const STEP = 2;

/** The changes of a text that set the value at a path. */
export function splicesToSet(text: string, document: Document, path: Path, value: JsonValue): readonly Splice[] {
  const way = findPath(document, path);
  refuseShared(document, way, path);
  const at = way.cursors.at(-1)!;
  if (way.missing.length === 0) return replace(text, at, value);
  const [step, ...rest] = way.missing;
  const inner = rest.reduceRight<JsonValue>((made, key) => (typeof key === 'number' ? (key === 0 ? [made] : refuse(path, `the list has no entries, so that the first is number 0, found ${key}`)) : { [key]: made }), value);
  const collection = collectionOf(at);
  if (collection) return [collection.type === 'flow-collection' ? insertFlow(collection, step!, inner) : insertBlock(text, collection, step!, inner)];
  if (typeof step === 'number' && step !== 0) return refuse(path, `the list has no entries, so that the first is number 0, found ${step}`);
  const whole: JsonValue = typeof step === 'number' ? [inner] : { [step!]: inner };
  return at.item ? replace(text, at, whole) : [appendRoot(text, whole)];
}

/** The changes of a text that take out the entry at a path. */
export function splicesToRemove(text: string, document: Document, path: Path): readonly Splice[] {
  const way = findPath(document, path);
  if (way.missing.length > 0) return refuse(path, 'there is no such entry in the text');
  refuseShared(document, way, path);
  const { item, within } = way.cursors.at(-1)!;
  if (!item || !within) return refuse(path, 'the whole config cannot be removed');
  const items = itemsOf(within);
  const position = items.indexOf(item);
  if (within.type === 'flow-collection') return removeFlow(text, items, position);
  const isMapping = within.type === 'block-map';
  return items.length === 1 ? replace(text, way.cursors.at(-2)!, isMapping ? {} : []) : [removeBlock(text, items, position)];
}

function replace(text: string, { node, item, within }: Cursor, value: JsonValue): readonly Splice[] {
  const isFlow = within?.type === 'flow-collection';
  const options = { isFlow, style: styleOf(node, item, within) };
  if (isEmpty(node)) {
    const at = item ? valuePlace(item) : 0;
    const colon = !item?.key || hasColon(item) ? '' : ':';
    return [{ from: at, to: at, text: `${colon} ${flowText(value, options)}` }];
  }
  const token = node!.srcToken!;
  const from = (item && tagStart(item)) ?? token.offset;
  const to = tokenEnd(token);
  if (token.type === 'block-map' || token.type === 'block-seq') return replaceBlock(text, token, item, value, options.style);
  if (token.type === 'block-scalar' && typeof value === 'string') {
    const kept = keptBlock(text, token, value);
    if (kept !== undefined) return [{ from: token.offset, to, text: kept }];
  }
  return [{ from, to, text: flowText(value, options) }];
}

function keptBlock(text: string, { props, source, offset }: CST.BlockScalar, value: string): string | undefined {
  const header = blockHeader(props)?.source;
  const indent = /^[ \t\r\n]*\n( +)|^( +)/.exec(source);
  const spaces = indent?.[1] ?? indent?.[2];
  return header === undefined || spaces === undefined ? undefined : blockScalar(value, header, spaces.length, lineEndAt(text, offset));
}

function replaceBlock(text: string, token: CST.BlockMap | CST.BlockSequence, item: Item | undefined, value: JsonValue, style: TextStyle): readonly Splice[] {
  const to = tokenEnd(token);
  const isSameKind = token.type === 'block-map' ? isJsonObject(value) && Object.keys(value).length > 0 : Array.isArray(value) && value.length > 0;
  const start = (item && tagStart(item)) === undefined ? token.offset : undefined;
  if (isSameKind && start !== undefined) return [{ from: start, to, text: blockText(value, blockOptions(text, token, style)) }];
  const written = flowText(value, { isFlow: false, style });
  const from = (item && tagStart(item)) ?? token.offset;
  if (!item || !text.slice(valuePlace(item), token.offset).includes('\n')) return [{ from, to, text: written }];
  // Beside the key: where the lines below begin, a value in brackets may stand too far left.
  const tag = tagStart(item);
  const at = tag ?? valuePlace(item);
  const gap = tag === undefined ? ' ' : '';
  return [{ from: at, to: tag === undefined ? at : valuePlace(item), text: gap + written }, removedLines(text, token.offset, to, 'stays')];
}

function blockOptions(text: string, token: Collection, style: TextStyle): BlockOptions {
  return { style, indent: columnOf(text, token.offset), step: STEP, lineEnd: lineEndAt(text, token.offset) };
}

function insertBlock(text: string, token: CST.BlockMap | CST.BlockSequence, step: string | number, value: JsonValue): Splice {
  const options = blockOptions(text, token, isDoubleQuoted(itemsOf(token).at(-1)) ? 'double' : 'plain');
  const entry = token.type === 'block-map' ? blockEntry(String(step), value, options) : `- ${listEntry(token, value, options)}`;
  const end = tokenEnd(token);
  const newline = text.indexOf('\n', end);
  const spaces = ' '.repeat(options.indent);
  return newline < 0
    ? { from: text.length, to: text.length, text: `${options.lineEnd}${spaces}${entry}` }
    : { from: newline + 1, to: newline + 1, text: `${spaces}${entry}${options.lineEnd}` };
}

/** As the entry before it: over several lines, or on one. */
function listEntry(token: CST.BlockSequence, value: JsonValue, options: BlockOptions): string {
  const isOverLines = itemsOf(token).at(-1)?.value?.type === 'block-map';
  return isOverLines ? blockText(value, { ...options, indent: options.indent + STEP }) : flowText(value, { isFlow: false, style: options.style });
}

function insertFlow(token: CST.FlowCollection, step: string | number, value: JsonValue): Splice {
  const items = itemsOf(token);
  const last = items.at(-1);
  const options = { isFlow: true, style: isDoubleQuoted(last) ? 'double' : 'plain' } as const;
  const entry = token.start.type === 'flow-seq-start' ? flowText(value, options) : `${textScalar(String(step), options)}: ${flowText(value, options)}`;
  if (!last) return { from: token.start.offset + 1, to: token.start.offset + 1, text: entry };
  const after = (token.items as readonly Item[]).at(-1)!;
  const comma = after === last ? undefined : after.start.find(({ type }) => type === 'comma');
  const at = comma ? comma.offset + 1 : itemEnd(last);
  return { from: at, to: at, text: comma ? ` ${entry}` : `, ${entry}` };
}

function appendRoot(text: string, value: JsonValue): Splice {
  const lineEnd = lineEndAt(text, text.length);
  const before = text === '' || text === '\ufeff' || text.endsWith('\n') ? '' : lineEnd;
  return { from: text.length, to: text.length, text: `${before}${blockText(value, { style: 'plain', indent: 0, step: STEP, lineEnd })}${lineEnd}` };
}

/** Takes out an entry and one comma; comments between entries stay. */
function removeFlow(text: string, items: readonly Item[], position: number): readonly Splice[] {
  const item = items[position]!;
  const [from, to] = [itemStart(item), itemEnd(item)];
  const comma = item.start.find(({ type }) => type === 'comma');
  if (comma) {
    const gap = text.slice(comma.offset + 1, from);
    return gap.trim() === '' ? [{ from: comma.offset, to, text: '' }] : [{ from: comma.offset, to: comma.offset + 1, text: '' }, { from, to, text: '' }];
  }
  // The first: the comma stands before the next entry, or before the bracket.
  const next = items[position + 1];
  const behind = next?.start.find(({ type }) => type === 'comma')?.offset ?? (/^\s*,/.test(text.slice(to)) ? text.indexOf(',', to) : undefined);
  if (behind === undefined) return [{ from, to, text: '' }];
  const start = next ? itemStart(next) : behind + 1;
  const isBlank = text.slice(to, behind).trim() === '' && text.slice(behind + 1, start).trim() === '';
  return isBlank ? [{ from, to: start, text: '' }] : [{ from, to, text: '' }, { from: behind, to: behind + 1, text: '' }];
}

function removeBlock(text: string, items: readonly Item[], position: number): Splice {
  const item = items[position]!;
  const [from, to] = [itemStart(item), itemEnd(item)];
  if (isLineStart(text, from)) {
    const lines = removedLines(text, from, to, 'goes');
    const previous = items[position - 1];
    return previous && keepsLineEnds(previous) ? { ...lines, from: lineStart(text, from) } : lines;
  }
  // Beside the dash of the list that it is an entry of: the next entry moves there.
  const start = itemStart(items[position + 1]!);
  return text.slice(to, start).trim() === '' ? { from, to: start, text: '' } : { from, to, text: '' };
}

/** Whole lines with their line end, or with the one before them at the end of the text; a comment behind them stays or goes. */
function removedLines(text: string, from: number, to: number, comment: 'stays' | 'goes'): Splice {
  const start = isLineStart(text, from) ? lineStart(text, from) : from;
  const newline = text.indexOf('\n', to);
  const rest = text.slice(to, newline < 0 ? text.length : newline);
  if (comment === 'stays' && rest.trim() !== '') return { from: start, to, text: '' };
  if (newline >= 0) return { from: start, to: newline + 1, text: '' };
  const before = /\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { from: start - before, to: text.length, text: '' };
}

/** How a text was written; of what was no text, how its key is, so that JSON stays JSON. */
function styleOf(node: Node | null, item: Item | undefined, within: Collection | undefined): TextStyle {
  if (isScalar(node)) {
    if (node.type === 'QUOTE_DOUBLE') return 'double';
    if (node.type === 'QUOTE_SINGLE') return 'single';
  }
  const first = within && itemsOf(within)[0];
  return item?.key?.type === 'double-quoted-scalar' || (item && !item.key && first !== item && isDoubleQuoted(first)) ? 'double' : 'plain';
}

const isDoubleQuoted = (item: Item | undefined): boolean => (item?.key ?? item?.value)?.type === 'double-quoted-scalar';

function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}

const isLineStart = (text: string, offset: number): boolean => text.slice(lineStart(text, offset), offset).trim() === '';
const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);

/** The line end that the text has near an offset. */
function lineEndAt(text: string, offset: number): string {
  const newline = text.indexOf('\n', offset) >= 0 ? text.indexOf('\n', offset) : text.lastIndexOf('\n');
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}
