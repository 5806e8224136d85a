import type { ExchangeClock } from './ExchangeClock.ts';
import type { Fault, FaultKind } from './Fault.ts';

interface Entry {
  readonly fault: Fault;
  messagesSeen: number;
  messagesLeft: number;
  readonly cancel: () => void;
}

/** The faults in force; at most one of a kind, the last ordered. */
export class FaultBoard {
  private readonly active = new Map<FaultKind, Entry>();

  constructor(private readonly clock: ExchangeClock) {}

  set(fault: Fault): void {
    this.clear(fault.kind);
    const cancel =
      fault.forMs === undefined ? () => {} : this.clock.after(fault.forMs, () => this.active.delete(fault.kind));
    const messagesLeft = fault.messages ?? Number.POSITIVE_INFINITY;
    this.active.set(fault.kind, { fault, messagesSeen: 0, messagesLeft, cancel });
  }

  clear(kind?: FaultKind): void {
    for (const each of kind === undefined ? [...this.active.keys()] : [kind]) {
      this.active.get(each)?.cancel();
      this.active.delete(each);
    }
  }

  get(kind: FaultKind): Fault | undefined {
    return this.active.get(kind)?.fault;
  }

  /** The same for a message that the fault may spoil: every one, or each so-manieth, until its number is reached. */
  spend(kind: FaultKind): Fault | undefined {
    const entry = this.active.get(kind);
    if (entry === undefined) return undefined;
    entry.messagesSeen += 1;
    if (entry.messagesSeen % (entry.fault.every ?? 1) !== 0) return undefined;
    entry.messagesLeft -= 1;
    if (entry.messagesLeft <= 0) this.clear(kind);
    return entry.fault;
  }

  list(): readonly Fault[] {
    return [...this.active.values()].map(({ fault }) => fault);
  }
}
