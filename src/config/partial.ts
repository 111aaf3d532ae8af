/** A document some of whose values may be missing or were found wrong and taken out. */
export type Partially<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Partially<T[K]> | undefined } : T;
