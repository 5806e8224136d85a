import { RiskError } from '../../engine/domain/failure.ts';
import { excerpt } from '../../formats/jsonDocument.ts';

/** What the exchange can be told to do wrong; docs/exchange-double.md says what each does. */
export type FaultKind = keyof typeof FAULTS;

/** A misbehaviour in force. Which of the values below the kind a fault has, `FAULTS` says. */
export interface Fault {
  readonly kind: FaultKind;
  /** It ends by itself after this time. */
  readonly forMs?: number;
  /** It ends by itself after this many messages. */
  readonly messages?: number;
  readonly ms?: number;
  /** Of a closed socket. */
  readonly code?: number;
  readonly status?: number;
  readonly bytes?: number;
  readonly every?: number;
  readonly factor?: number;
  /** A coin's symbol; all coins where it is left out. */
  readonly coin?: string;
  /** `27NOV26`; all expiries where it is left out. */
  readonly expiry?: string;
  /** Names; all options where they are left out. */
  readonly instruments?: readonly string[];
  readonly value?: string;
}

type Parameter = Exclude<keyof Fault, 'kind' | 'forMs'>;

interface FaultKindRule {
  /** What it takes, and what it is when it is left out; undefined: nothing in particular. */
  readonly takes: Readonly<Partial<Record<Parameter, number | string | undefined>>>;
  /** The choices of `value`. */
  readonly values?: readonly string[];
  /** It happens at once and is over. */
  readonly isInstant?: boolean;
}

const rule = (takes: FaultKindRule['takes'] = {}, rest: Omit<FaultKindRule, 'takes'> = {}): FaultKindRule => ({
  takes,
  ...rest,
});

const FAULTS = {
  // The connection.
  'drop-connections': rule({ code: 1006 }, { isInstant: true }),
  'refuse-connections': rule(),
  'half-open': rule(),
  stall: rule({ ms: 5_000 }, { isInstant: true }),
  'connection-too-slow': rule({}, { isInstant: true }),
  'http-status': rule({ status: 503 }),
  'clock-skew': rule({ ms: 60_000 }),
  // Answers.
  'slow-answers': rule({ ms: 2_000 }),
  'wrong-id': rule({ messages: undefined }),
  'rate-limit': rule({ messages: 1 }),
  'platform-lock': rule({ value: 'true' }, { values: ['true', 'partial'] }),
  // Messages, as text.
  burst: rule({ messages: 500 }, { isInstant: true }),
  'out-of-order': rule({ messages: undefined }),
  duplicates: rule({ messages: undefined }),
  'lost-messages': rule({ every: 2, messages: undefined }),
  'malformed-json': rule({ messages: undefined }),
  'truncated-json': rule({ messages: undefined }),
  'html-page': rule({ messages: undefined }),
  'huge-message': rule({ bytes: 5_000_000, messages: 1 }),
  'binary-frame': rule({ messages: undefined }),
  // Values.
  'stale-timestamps': rule({ ms: 60_000 }),
  'future-timestamps': rule({ ms: 60_000 }),
  'crossed-quotes': rule({ instruments: undefined }),
  'bad-volatility': rule(
    { value: 'nan', instruments: undefined },
    { values: ['nan', 'null', 'zero', 'negative', 'huge'] },
  ),
  'wrong-unit': rule({ value: 'price', instruments: undefined }, { values: ['price', 'volatility'] }),
  'missing-expiry': rule({ coin: undefined, expiry: undefined }),
  'index-jump': rule({ factor: 1.3, coin: undefined, value: 'index' }, { values: ['index', 'market'] }),
  'perpetual-disagreement': rule({ factor: 1.05, coin: undefined }),
  'forward-disagreement': rule({ factor: 1.05, coin: undefined, expiry: undefined }),
} as const satisfies Record<string, FaultKindRule>;

export const faultKinds = Object.keys(FAULTS) as readonly FaultKind[];

export function isInstant(kind: FaultKind): boolean {
  return (FAULTS[kind] as FaultKindRule).isInstant ?? false;
}

const LIMITS: Partial<Record<Parameter | 'forMs', readonly [number, number]>> = {
  forMs: [1, 86_400_000],
  messages: [1, 1_000_000],
  ms: [1, 86_400_000],
  code: [1_000, 4_999],
  status: [400, 599],
  bytes: [1, 64_000_000],
  every: [1, 1_000_000],
  factor: [0, 1e6],
};

/** A clock may be ahead or behind. */
const MOST_SKEW = [-86_400_000, 86_400_000] as const;

/**
 * A fault as a caller orders it, with what it leaves out filled in.
 * @throws RiskError `bad-value`, whose path points to the value.
 */
export function parseFault(order: unknown): Fault {
  if (typeof order !== 'object' || order === null || Array.isArray(order))
    return refused('A fault is an object like {"kind":"stall","ms":5000}', '');
  const given = order as Readonly<Record<string, unknown>>;
  const kind = faultKinds.find((known) => known === given.kind);
  if (kind === undefined) return refused(`kind must be one of ${faultKinds.join(', ')}`, '/kind');
  const { takes, values = [], isInstant = false } = FAULTS[kind] as FaultKindRule;
  const fault: Record<string, unknown> = { kind };
  for (const [name, initial] of Object.entries(takes)) if (initial !== undefined) fault[name] = initial;
  for (const [name, value] of Object.entries(given)) {
    if (name === 'kind') continue;
    if (!(name in takes) && !(name === 'forMs' && !isInstant)) {
      const known = [...Object.keys(takes), ...(isInstant ? [] : ['forMs'])];
      return refused(`${kind} has no "${excerpt(name)}"; it takes ${known.join(', ') || 'nothing'}`, `/${name}`);
    }
    fault[name] = parameter(name as Parameter | 'forMs', value, values, kind === 'clock-skew' ? MOST_SKEW : undefined);
  }
  if (kind === 'index-jump' && fault.value === 'market' && fault.factor === 0)
    return refused('A market without prices has no options: factor must be above 0 where value is market', '/factor');
  return fault as unknown as Fault;
}

function parameter(
  name: Parameter | 'forMs',
  value: unknown,
  choices: readonly string[],
  ownLimits?: readonly [number, number],
): unknown {
  const limits = (name === 'ms' ? ownLimits : undefined) ?? LIMITS[name];
  if (limits !== undefined) {
    const [least, most] = limits;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    return refused(`${name} must be a number from ${least} to ${most}`, `/${name}`);
  }
  if (name === 'instruments') {
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    return refused('instruments must be a list of names', '/instruments');
  }
  if (typeof value !== 'string') return refused(`${name} must be text`, `/${name}`);
  if (name === 'value' && !choices.includes(value))
    return refused(`value must be one of ${choices.join(', ')}`, '/value');
  return value;
}

function refused(message: string, path: string): never {
  throw new RiskError('bad-value', message, path);
}
