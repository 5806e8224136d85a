/** How requests of one kind are paid for: Deribit's public table. */
interface CreditRule {
  readonly cost: number;
  readonly pool: number;
  readonly perSecond: number;
}

const USUAL: CreditRule = { cost: 500, pool: 50_000, perSecond: 10_000 };
const BY_METHOD: Readonly<Record<string, CreditRule>> = {
  'public/get_instruments': { cost: 10_000, pool: 500_000, perSecond: 10_000 },
  'public/subscribe': { cost: 3_000, pool: 30_000, perSecond: 10_000 },
};

/** The credits of one connection: a pool for each method with a price of its own, and one for all others. */
export class CreditBucket {
  private readonly pools = new Map<CreditRule, { credits: number; at: number }>();

  /** @param now milliseconds of a clock that only runs forward */
  constructor(private readonly now: () => number) {}

  /** Pays for a request; false when the credits do not suffice. */
  pay(method: string): boolean {
    const rule = Object.hasOwn(BY_METHOD, method) ? BY_METHOD[method]! : USUAL;
    const at = this.now();
    const pool = this.pools.get(rule) ?? { credits: rule.pool, at };
    const credits = Math.min(rule.pool, pool.credits + ((at - pool.at) / 1_000) * rule.perSecond);
    const suffices = credits >= rule.cost;
    this.pools.set(rule, { credits: suffices ? credits - rule.cost : credits, at });
    return suffices;
  }
}
