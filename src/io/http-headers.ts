/** What a response says of the whole file's content. A weak ETag (W/) promises the same meaning, not the same bytes: the date then says more. */
export function tagOf({ headers }: Response): string | undefined {
  const tag = headers.get('ETag')?.trim();
  if (tag?.startsWith('"')) return `etag:${tag}`;
  const date = headers.get('Last-Modified')?.trim();
  return date ? `last-modified:${date}` : undefined;
}

/** The Content-Range of a response; undefined when it has none that is known. */
export function contentRange(response: Response): { first: number; last: number; total: number | undefined } | undefined {
  const found = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(response.headers.get('Content-Range')?.trim() ?? '');
  if (!found) return undefined;
  const [, first, last, total] = found;
  return { first: Number(first ?? NaN), last: Number(last ?? NaN), total: total === '*' ? undefined : Number(total) };
}
