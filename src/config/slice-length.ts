/**
 * How many rows a slice has, as a text that is the same for slices with equally many rows of whatever rows they are cut from:
 * `h[1:]` and `h[:-1]` go together, as do `h[:3]` and `h[-3:]`.
 */
export function sliceLength(start: number, stop: number | undefined): string {
  if (start >= 0 && (stop === undefined || stop < 0)) return `all but ${start - (stop ?? 0)}`;
  if (start === 0 && stop !== undefined) return `at most ${stop}`;
  if (start < 0 && stop === undefined) return `at most ${-start}`;
  return `${start}:${stop ?? ''}`;
}
