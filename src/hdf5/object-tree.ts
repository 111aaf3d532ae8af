import { MaggError } from '../base/index.js';
import { grouped } from './damage.js';
import { readLinks, type Link } from './group-links.js';
import { readHeader, type HeaderMessage } from './object-header.js';
import type { PageCache } from './page-cache.js';

/** Soft links on the way of one path, and names that they may add. */
const MAX_SOFT_LINKS = 100;
const MAX_TODO = 100_000;
/** Links of all groups together, as many as fit in memory. */
const MAX_LINKS = 2_000_000;

/** Groups and objects by path; every header and group is parsed once. */
export class ObjectTree {
  readonly #headers = new Map<number, readonly HeaderMessage[]>();
  readonly #links = new Map<number, ReadonlyMap<string, Link> | undefined>();

  #linkCount = 0;

  constructor(
    readonly pages: PageCache,
    readonly root: number
  ) {}

  header(address: number): readonly HeaderMessage[] {
    let header = this.#headers.get(address);
    if (!header) this.#headers.set(address, (header = readHeader(this.pages, address)));
    return header;
  }

  /** Undefined when the object is no group. */
  links(address: number): ReadonlyMap<string, Link> | undefined {
    if (!this.#links.has(address)) {
      const links = readLinks(this.pages, this.header(address));
      this.#linkCount += links?.size ?? 0;
      if (this.#linkCount > MAX_LINKS) throw this.pages.damaged(`its groups have more than ${grouped(MAX_LINKS)} links`);
      this.#links.set(address, links);
    }
    return this.#links.get(address);
  }

  /** Address of the object a path leads to, undefined when there is none. Throws `unsupported` for links into other files. */
  find(path: string): number | undefined {
    const trail = [this.root];
    const todo = parts(path).reverse();
    let softLinks = 0;
    while (todo.length > 0) {
      const name = todo.pop()!;
      const link = this.links(trail.at(-1)!)?.get(name);
      if (!link) return undefined;
      switch (link.kind) {
        case 'hard':
          trail.push(link.address);
          break;
        case 'soft':
          if (++softLinks > MAX_SOFT_LINKS || todo.length > MAX_TODO) throw this.pages.damaged(`the links of ${path} run in a circle`);
          if (link.target.startsWith('/')) trail.splice(1);
          todo.push(...parts(link.target).reverse());
          break;
        case 'external':
          throw new MaggError('unsupported', `${path} of ${this.pages.name} is a link into another file (${link.target}). Name that file instead.`, {
            context: { granule: this.pages.name, file: this.pages.name, dataset: path }
          });
      }
    }
    return trail.at(-1)!;
  }
}

const parts = (path: string): string[] => path.split('/').filter(part => part !== '' && part !== '.');

/** A path from the root: `/a/b`. */
export const absolute = (path: string): string => `/${parts(path).join('/')}`;
