import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { type Contract, contractName, contractsOf } from './contractObjects.ts';
import type { ExchangeClock } from './ExchangeClock.ts';
import { ExchangeMarket, type ListingChange } from './ExchangeMarket.ts';
import { FaultBoard } from './FaultBoard.ts';
import type { ListedCoin, ListedExpiry } from './ListedCoin.ts';
import type { MarketMover } from './marketWalk.ts';
import { PriceBoard } from './PriceBoard.ts';
import { rpcErrors } from './rpc.ts';

/** The exchange without its connections: its market, what it shows of it, and its time. */
export class Exchange {
  readonly market: ExchangeMarket;
  readonly faults: FaultBoard;
  readonly prices: PriceBoard;
  /** Expiries whose prices the last step renewed. */
  renewed: ReadonlySet<ListedExpiry> = new Set();
  private readonly offset: number;
  private contracts = new Map<string, Contract>();
  private turn = 0;

  /**
   * The venue's clock begins at the market's time and runs with `clock`; a market of now makes them the same. Each step renews
   * so many expiries of a coin that all are renewed within `stepsPerRound` steps.
   */
  constructor(
    snapshot: MarketSnapshot,
    private readonly clock: ExchangeClock,
    private readonly mover: MarketMover,
    private readonly stepsPerRound: number,
  ) {
    this.market = new ExchangeMarket(snapshot);
    this.offset = snapshot.asOf - clock.now();
    this.faults = new FaultBoard(clock);
    this.prices = new PriceBoard(this.market, this.faults);
    this.list();
  }

  /** The server's clock, milliseconds with a fraction. */
  now(): Timestamp {
    return this.clock.now() + this.offset + (this.faults.get('clock-skew')?.ms ?? 0);
  }

  /** Moves the market to the present. */
  step(): ListingChange[] {
    const before = this.market.time;
    const time = this.clock.now() + this.offset;
    this.mover.move(this.market, time - before);
    const changes = this.market.passTo(time, !this.mover.listsExpiries);
    if (changes.some(({ kind }) => kind === 'created')) this.list();
    this.renewed = new Set(this.market.coins.flatMap((coin) => this.expiriesInTurn(coin)));
    this.turn += 1;
    return changes;
  }

  /** @throws RpcError 10020 */
  contract(name: string): Contract {
    const contract = this.contracts.get(name);
    if (contract === undefined) throw rpcErrors.unknownInstrument();
    return contract;
  }

  knownContract(name: string): Contract | undefined {
    return this.contracts.get(name);
  }

  private list(): void {
    this.contracts = new Map(
      this.market.coins.flatMap((coin) => contractsOf(coin).map((contract) => [contractName(contract), contract])),
    );
  }

  private expiriesInTurn(coin: ListedCoin): ListedExpiry[] {
    const open = coin.expiries.filter(({ state }) => state === 'open');
    const count = Math.ceil(open.length / this.stepsPerRound);
    const first = this.turn * count;
    return Array.from({ length: count }, (_, i) => open[(first + i) % open.length]!);
  }
}
