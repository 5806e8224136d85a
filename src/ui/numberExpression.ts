import { failed, type Result, success } from '../engine/domain/failure.ts';
import { numberFormat } from './numberFormat.ts';

/** Longest text that is looked at. */
const MAX_LENGTH = 64;

/** How a locale writes numbers: its decimal mark and its thousands mark. */
export interface NumberMarks {
  readonly decimal: string;
  readonly group: string;
}

/** The decimal and thousands marks of a locale; the user's own when none is given. */
export function numberMarks(locale?: string): NumberMarks {
  let marks = marksOf.get(locale);
  if (marks === undefined) {
    const parts = numberFormat(locale, 1).formatToParts(1234567.5);
    marks = {
      decimal: parts.find((part) => part.type === 'decimal')?.value ?? '.',
      group: parts.find((part) => part.type === 'group')?.value ?? ',',
    };
    marksOf.set(locale, marks);
  }
  return marks;
}

const marksOf = new Map<string | undefined, NumberMarks>();

/**
 * The number that typed text denotes: a plain number, arithmetic with `+ - * / ( )`, or a change of the current value
 * (`+10%`, `-10%`, `50%`, `*2`, `/4`). A sign before a lone number is its sign, since quantities are signed: `-5` is
 * minus five. Accepts hyphen and true minus, `×` and `÷`, thousands marks, and the suffixes `k` (thousand) and `m`
 * (million). Fails with a sentence; the result is always finite.
 */
export function parseNumberExpression(text: string, current: number | null, marks: NumberMarks): Result<number> {
  if (text.length > MAX_LENGTH) return failed('bad-value', `At most ${MAX_LENGTH} characters`);
  const plain = text
    .trim()
    .replace(/[−–‒﹣－]/g, '-')
    .replace(/[×·]/g, '*')
    .replace(/÷/g, '/');
  if (plain === '') return failed('bad-value', 'Type a number');
  const relative = /^[+-]?[^+*/()-]+%$/.test(plain) || /^[*/]/.test(plain);
  if (relative && current === null) return failed('bad-value', 'There is no value yet to change. Type a number');
  const tokens = tokenized(plain, marks);
  if (!tokens.ok) return tokens;
  const value = relative ? changedValue(tokens.value, current ?? 0) : evaluated(tokens.value);
  if (value === null) return failed('bad-value', `"${text.trim()}" is not a number. Write it like 12, 12*3 or +10%`);
  if (!Number.isFinite(value)) return failed('bad-value', `"${text.trim()}" has no finite value`);
  // Twelve digits hide the noise of binary fractions (0.1 + 0.2) and keep every digit a person types.
  return success(Number(value.toPrecision(12)) + 0);
}

type Token = number | '+' | '-' | '*' | '/' | '(' | ')' | '%';

function tokenized(text: string, marks: NumberMarks): Result<readonly Token[]> {
  const tokens: Token[] = [];
  const space = /\s/;
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (space.test(char)) {
      at += 1;
    } else if ('+-*/()%'.includes(char)) {
      tokens.push(char as Token);
      at += 1;
    } else {
      // A space inside digits is a thousands mark (1 234 567).
      const literal = /^[\d.,'’]+(?:\s\d{3}(?!\d)[\d.,'’]*)*/.exec(text.slice(at))?.[0];
      const value = literal === undefined ? null : literalValue(literal, marks);
      if (literal === undefined || value === null)
        return failed('bad-value', `"${text}" is not a number. Write it like 12, 12*3 or +10%`);
      at += literal.length;
      const suffix = text[at]?.toLowerCase();
      const scale = suffix === 'k' ? 1e3 : suffix === 'm' ? 1e6 : 1;
      if (scale !== 1) at += 1;
      tokens.push(value * scale);
    }
  }
  return success(tokens);
}

/** One written number. A mark that cannot group (1,5 or 0.25) is a decimal mark whatever the locale. */
function literalValue(literal: string, marks: NumberMarks): number | null {
  const text = literal.replace(/[\s'’]/g, '');
  const commas = text.split(',').length - 1;
  const dots = text.split('.').length - 1;
  let decimal = '.';
  if (commas > 0 && dots > 0) decimal = text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.';
  else if (commas > 0 || dots > 0) {
    const mark = commas > 0 ? ',' : '.';
    const groups = /^[1-9]\d{0,2}([.,]\d{3})+$/.test(text);
    const isGroup = groups && (commas + dots > 1 || marks.decimal !== mark);
    decimal = isGroup ? (mark === ',' ? '.' : ',') : mark;
  }
  const group = decimal === '.' ? ',' : '.';
  const [whole = '', ...rest] = text.split(decimal);
  if (rest.length > 1) return null;
  if (whole.includes(group) && !/^\d{1,3}([.,]\d{3})+$/.test(whole)) return null;
  if ((rest[0] ?? '').includes(group)) return null;
  const digits = `${whole.split(group).join('')}.${rest[0] ?? ''}`;
  return /\d/.test(digits) ? Number(digits) : null;
}

/** `+10%`, `-10%`, `50%`, `*2`, `/4` applied to the current value. */
function changedValue(tokens: readonly Token[], current: number): number | null {
  if (tokens.at(-1) === '%') {
    const body = tokens.slice(0, -1);
    const sign = body[0] === '-' ? -1 : 1;
    const isChange = body[0] === '+' || body[0] === '-';
    const amount = isChange ? body[1] : body[0];
    if (typeof amount !== 'number' || body.length !== (isChange ? 2 : 1)) return null;
    return isChange ? current * (1 + (sign * amount) / 100) : (current * amount) / 100;
  }
  return evaluated([current, ...tokens]);
}

/** Recursive descent over `+ - * / ( )` with unary signs; null when the tokens are no expression. */
function evaluated(tokens: readonly Token[]): number | null {
  let at = 0;
  const sum = (): number | null => {
    let left = product();
    while (left !== null && (tokens[at] === '+' || tokens[at] === '-')) {
      const operator = tokens[at++];
      const right = product();
      if (right === null) return null;
      left = operator === '+' ? left + right : left - right;
    }
    return left;
  };
  const product = (): number | null => {
    let left = factor();
    while (left !== null && (tokens[at] === '*' || tokens[at] === '/')) {
      const operator = tokens[at++];
      const right = factor();
      if (right === null) return null;
      left = operator === '*' ? left * right : left / right;
    }
    return left;
  };
  const factor = (): number | null => {
    const token = tokens[at++];
    if (typeof token === 'number') return token;
    if (token === '-') {
      const value = factor();
      return value === null ? null : -value;
    }
    if (token === '+') return factor();
    if (token === '(') {
      const value = sum();
      return tokens[at++] === ')' ? value : null;
    }
    return null;
  };
  const value = sum();
  return at === tokens.length ? value : null;
}
