/**
 * Texts damaged in one to four random ways, as files are by bad disks, bad editors and bad people: characters flipped, cut out and
 * inserted, parts doubled and moved, numbers made huge, brackets nested, lines made long, the end missing.
 */
export function mutateText(text: string, random: () => number): string {
  const below = (size: number): number => Math.floor(random() * size);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const part = (of: string, most: number): [from: number, to: number] => {
    const from = below(of.length + 1);
    return [from, Math.min(of.length, from + 1 + below(most))];
  };
  const insert = (of: string, made: string): string => {
    const at = below(of.length + 1);
    return of.slice(0, at) + made + of.slice(at);
  };
  const ways: readonly ((of: string) => string)[] = [
    of => {
      const at = below(of.length);
      return of.slice(0, at) + String.fromCharCode((of.charCodeAt(at) || 0) ^ (1 << below(8))) + of.slice(at + 1);
    },
    of => {
      const [from, to] = part(of, 60);
      return of.slice(0, from) + of.slice(to);
    },
    of => {
      const [from, to] = part(of, 200);
      return insert(of, of.slice(from, to));
    },
    of => insert(of, pick(['\0', '\ufeff', '\ud800', '\u2028', '\r', '\t', '"', "'", '{', '}', '[', ']', ':', ',', '#', '&a ', '*a ', '!!binary ', '|', '>', '---\n', '...\n', '%', '\\', '<<: ', '? ', '- '])),
    of => of.replace(/\d+/g, digits => (random() < 0.1 ? pick(['9'.repeat(400), '-1', '1e400', '0x7fffffffffffffffffff', '99999999999999999999', '1.5', '4294967296', '-0']) : digits)),
    of => insert(of, pick(['[', '{"a":', '{a: ', '- ', '(', 'a:\n ', '-']).repeat(pick([30, 3000, 100_000]))),
    of => insert(of, pick(['x', 'ab ', '\u00e9', '"', '\\u0041', '{a}', '1,', '#', '\n', '"a",']).repeat(pick([1000, 100_000]))),
    of => of.slice(0, below(of.length)),
    of => {
      const lines = of.split('\n');
      const [from, to] = [below(lines.length), below(lines.length)];
      lines.splice(to, 0, ...lines.splice(from, 1 + below(5)));
      return lines.join('\n');
    },
    of => of.split('\n').map(line => (random() < 0.05 ? ' '.repeat(below(6)) + line.trimStart() : line)).join('\n')
  ];
  let made = text;
  for (let count = 1 + below(4); count > 0; count--) made = pick(ways)(made);
  return made;
}
