/** A plain (unquoted) YAML scalar as the two versions of YAML read it. Infinities and NaN are texts, as in {@link PlainScalar}. */
export type ScalarValue = string | number | boolean | null;

export interface PlainScalar {
  /** What YAML 1.1, and so PyYAML, means by it. Dates stay ISO texts; `NaN`, `Infinity` and `-Infinity` stand for these numbers. */
  readonly value: ScalarValue;
  /** What YAML 1.2 means by it, when that differs. */
  readonly newer?: ScalarValue;
}

// The forms of PyYAML's resolver (its documentation and YAML 1.1's type repository), one by one.
const BOOLEAN = /^(?:(yes|Yes|YES|true|True|TRUE|on|On|ON)|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/;
const OCTAL = /^([-+]?)0([0-7_]+)$/;
const BINARY = /^([-+]?)0b([01_]+)$/;
const HEXADECIMAL = /^([-+]?)0x([0-9a-fA-F_]+)$/;
const BASE_60 = /^[-+]?(?:[1-9][0-9_]*(?::[0-5]?[0-9])+|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/;
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/;
const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/;
const NAN = /^\.(?:nan|NaN|NAN)$/;
const DATE_TIME = /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?))?$/;
// YAML 1.2's core schema.
const NEWER_INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const NEWER_FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NEWER_BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;

/** Reads a plain scalar; `source` is its text. */
export function readPlainScalar(source: string): PlainScalar {
  const value = older(source);
  const late = newer(source, value);
  return late === value ? { value } : { value, newer: late };
}

function older(source: string): ScalarValue {
  const boolean = BOOLEAN.exec(source);
  if (boolean) return boolean[1] !== undefined;
  if (NULL.test(source)) return null;
  if (DECIMAL.test(source)) return Number(plainDigits(source));
  const octal = OCTAL.exec(source);
  if (octal) return inBase(octal, 8) ?? source;
  const binary = BINARY.exec(source);
  if (binary) return inBase(binary, 2) ?? source;
  const hexadecimal = HEXADECIMAL.exec(source);
  if (hexadecimal) return inBase(hexadecimal, 16) ?? source;
  if (BASE_60.test(source)) return base60(source);
  if (FLOAT.test(source)) return Number(plainDigits(source));
  const infinite = INFINITE.exec(source);
  if (infinite) return infinite[1] === '-' ? '-Infinity' : 'Infinity';
  if (NAN.test(source)) return 'NaN';
  const time = DATE_TIME.exec(source);
  return time ? isoTime(time) : source;
}

function newer(source: string, value: ScalarValue): ScalarValue {
  if (NEWER_INTEGER.test(source) || NEWER_FLOAT.test(source)) return Number(source);
  if (typeof value === 'boolean') return NEWER_BOOLEAN.test(source) ? value : source;
  return typeof value === 'number' ? source : value;
}

const plainDigits = (source: string): string => source.replaceAll('_', '').replace(/^\+/, '');

/** Undefined when only underscores follow the prefix, which PyYAML cannot read either. */
function inBase([, sign, digits]: RegExpExecArray, base: number): number | undefined {
  const plain = plainDigits(digits!);
  if (plain === '') return base === 8 ? 0 : undefined;
  const size = Number.parseInt(plain, base);
  return sign === '-' ? 0 - size : size;
}

function base60(source: string): number {
  const size = plainDigits(source).replace('-', '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return source.startsWith('-') ? -size : size;
}

function isoTime([, year, month, day, hour, minute, second, fraction, zulu, sign, offsetHour, offsetMinute]: RegExpExecArray): string {
  const two = (digits: string | undefined): string => (digits ?? '').padStart(2, '0');
  const offset = zulu ?? (sign === undefined ? '' : `${sign}${two(offsetHour)}:${two(offsetMinute)}`);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${fraction ? `.${fraction}` : ''}${offset}`;
}
