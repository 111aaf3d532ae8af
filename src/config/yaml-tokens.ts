import type { CST } from 'yaml';

/** An entry of a collection as tokens. */
export type Item = CST.CollectionItem;

const MEANING: ReadonlySet<string> = new Set(['map-value-ind', 'explicit-key-ind', 'seq-item-ind', 'anchor', 'tag']);
const endOf = ({ offset, source }: { readonly offset: number; readonly source: string }): number => offset + source.length;

/** Entries without what stands between and after them: comments, a last comma. */
export function itemsOf(token: CST.BlockMap | CST.BlockSequence | CST.FlowCollection): readonly Item[] {
  return (token.items as Item[]).filter(({ start, key, sep, value }) => key !== undefined || sep !== undefined || value !== undefined || start.some(({ type }) => type === 'seq-item-ind' || type === 'explicit-key-ind'));
}

/** Offset after the last character that belongs to a value: comments, spaces and line ends after it do not. */
export function tokenEnd(token: CST.Token): number {
  switch (token.type) {
    case 'block-map':
    case 'block-seq': {
      const last = itemsOf(token).at(-1);
      return last ? itemEnd(last) : token.offset;
    }
    case 'flow-collection': {
      const close = token.end.find(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
      return close ? endOf(close) : token.offset;
    }
    case 'block-scalar':
      return blockScalarEnd(token);
    default:
      return 'source' in token ? endOf(token) : token.offset;
  }
}

function blockScalarEnd({ offset, props, source }: CST.BlockScalar): number {
  const last = props.at(-1);
  const start = last && 'source' in last ? endOf(last) : offset;
  const header = blockHeader(props);
  const headerEnd = header ? endOf(header) : start;
  const trimmed = source.replace(/(?:\r?\n[ \t]*)+$/, '');
  // What `+` keeps, and lines of spaces, are part of the text.
  const isAllText = header?.source.includes('+') === true || /[ \t]/.test(source.slice(trimmed.length));
  const body = isAllText ? source.replace(/\r?\n$/, '') : trimmed;
  return body.trim() === '' && !isAllText ? headerEnd : start + body.length;
}

/** True of an entry that ends with a text whose last line ends count (`|+`). */
export function keepsLineEnds({ value }: Item): boolean {
  if (value?.type === 'block-scalar') return blockHeader(value.props)?.source.includes('+') ?? false;
  const last = value?.type === 'block-map' || value?.type === 'block-seq' ? itemsOf(value).at(-1) : undefined;
  return last ? keepsLineEnds(last) : false;
}

export function blockHeader(props: readonly CST.Token[]): CST.SourceToken | undefined {
  return props.find((prop): prop is CST.SourceToken => prop.type === 'block-scalar-header');
}

export function itemStart({ start, key, sep, value }: Item): number {
  return start.find(({ type }) => MEANING.has(type))?.offset ?? key?.offset ?? sep?.[0]?.offset ?? value?.offset ?? 0;
}

export function itemEnd(item: Item): number {
  // An empty value of a flow mapping stands at the comma after it.
  return item.value && !(item.value.type === 'scalar' && item.value.source === '') ? tokenEnd(item.value) : valuePlace(item);
}

/** Offset at which the value of an entry is written when it has none: after the colon or dash and its anchor or tag. */
export function valuePlace({ start, key, sep }: Item): number {
  const token = sep?.filter(({ type }) => MEANING.has(type)).at(-1) ?? (key ? undefined : start.filter(({ type }) => MEANING.has(type)).at(-1));
  return token ? endOf(token) : key ? tokenEnd(key) : (start.at(-1)?.offset ?? 0);
}

/** Offset of the tag before the value of an entry. */
export function tagStart({ start, sep }: Item): number | undefined {
  const tokens = sep ?? start;
  return tokens.some(({ type }) => type === 'tag') ? tokens.find(({ type }) => type === 'tag' || type === 'anchor')?.offset : undefined;
}

export const hasColon = ({ sep }: Item): boolean => sep?.some(({ type }) => type === 'map-value-ind') ?? false;
