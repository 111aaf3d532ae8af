import { MaggError } from '../base/index.js';

/** What tells one content of a file from another. JSON-safe apart from `undefined`. */
export interface SourceState {
  readonly sizeBytes: number;
  /** See {@link RangeSource.tag}; undefined where nothing is known. */
  readonly tag: string | undefined;
}

/**
 * Throws `granule-changed` when `now` is certainly another content than `before`: another size, or another tag of the same
 * kind. A tag that is missing on one side, or of another kind (one server sends ETag, its mirror only dates), proves nothing.
 */
export function assertUnchanged(name: string, before: SourceState, now: SourceState): void {
  const kind = (tag: string | undefined): string | undefined => tag?.slice(0, tag.indexOf(':'));
  const hasNewTag = before.tag !== undefined && kind(before.tag) === kind(now.tag) && before.tag !== now.tag;
  if (before.sizeBytes === now.sizeBytes && !hasNewTag) return;
  const text = ({ sizeBytes, tag }: SourceState): string => `${sizeBytes} bytes${tag === undefined ? '' : ` (${tag})`}`;
  throw new MaggError('granule-changed', `${name} has changed since it was looked at: ${text(before)} before, ${text(now)} now. Wait until it is written whole, then run again: what was made of the old content is made anew.`, {
    context: { granule: name, file: name }
  });
}
