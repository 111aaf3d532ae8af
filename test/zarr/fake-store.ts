import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MaggError } from '../../src/base/index.js';
import type { ObjectStore } from '../../src/io/index.js';

/** A store in memory that keeps a log of what was asked of it and fails where a test says so. */
export class FakeStore implements ObjectStore {
  readonly name = 'memory:';
  readonly objects = new Map<string, Uint8Array>();
  /** `put 12/zarr.json`, in the order of completion. */
  readonly log: string[] = [];
  failOn: (call: string) => boolean = () => false;
  /** Called inside a put, before the bytes are taken: what a slow disk gives others time for. */
  during: (key: string) => Promise<void> = async () => {};

  #call(call: string): void {
    if (this.failOn(call)) throw new MaggError('io', `no ${call}`);
    this.log.push(call);
  }
  async get(key: string, options: { readonly range?: { readonly offset: number; readonly length: number } } = {}): Promise<Uint8Array | undefined> {
    this.#call(`get ${key}`);
    const { range } = options;
    const bytes = this.objects.get(key);
    if (!bytes || !range) return bytes?.slice();
    if (range.offset + range.length > bytes.length) throw new MaggError('io', `${key} has ${bytes.length} bytes`);
    return bytes.slice(range.offset, range.offset + range.length);
  }
  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.during(key);
    this.#call(`put ${key}`);
    this.objects.set(key, bytes.slice());
  }
  async list(prefix: string): Promise<readonly string[]> {
    this.#call(`list ${prefix}`);
    return [...this.objects.keys()].filter(key => key.startsWith(prefix)).sort();
  }
  async delete(key: string): Promise<void> {
    this.#call(`delete ${key}`);
    this.objects.delete(key);
  }

  text(key: string): string {
    return new TextDecoder().decode(this.objects.get(key));
  }
  json(key: string): Record<string, unknown> {
    return JSON.parse(this.text(key)) as Record<string, unknown>;
  }
  setText(key: string, text: string): void {
    this.objects.set(key, new TextEncoder().encode(text));
  }
  /** Writes every object to a folder, for programs that read files. */
  save(folder: string): void {
    for (const [key, bytes] of this.objects) {
      mkdirSync(dirname(join(folder, key)), { recursive: true });
      writeFileSync(join(folder, key), bytes);
    }
  }
}
