/** Longer words are not compared: no name here is that long, and the work grows with the square. */
const MAX_LENGTH = 64;

/**
 * The name that is most like `word`, by Damerau's distance (insert, delete, replace, swap neighbours), upper and lower case
 * alike; of equals the one that begins like it, then the one of its length, then the first. Undefined when none is within
 * `maxDistance`: a third of the word's length, at least 1.
 */
export function nearestName(word: string, names: Iterable<string>, maxDistance = Math.max(1, Math.floor(word.length / 3))): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  let nearest: string | undefined;
  let least = maxDistance + 1;
  for (const name of names) {
    if (name.length > MAX_LENGTH || Math.abs(name.length - word.length) > least) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance < least || (distance === least && nearest !== undefined && isCloser(word, name, nearest))) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}

function isCloser(word: string, name: string, than: string): boolean {
  const [own, other] = [commonStart(word, name), commonStart(word, than)];
  return own !== other ? own > other : Math.abs(name.length - word.length) < Math.abs(than.length - word.length);
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length]?.toLowerCase() === b[length]?.toLowerCase()) length++;
  return length;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
