import { type Channel, channel } from './channels.ts';
import type { Connection } from './Connection.ts';
import { contractState, contractsOf, instrumentObject } from './contractObjects.ts';
import type { Exchange } from './Exchange.ts';
import type { ListingChange } from './ExchangeMarket.ts';

interface Subscription {
  readonly channel: Channel;
  readonly connections: Set<Connection>;
  sentAt: number;
}

/** Timers are late now and then; a message may be this much of its interval early, or each late one would cost a message. */
const EARLY = 0.9;

/** Who hears what. A message is written once for all that hear it. */
export class Subscriptions {
  private readonly byName = new Map<string, Subscription>();

  constructor(private readonly exchange: Exchange) {}

  /** Answers the channels that exist. @throws RpcError 13778 for a raw channel, before any is subscribed to */
  add(connection: Connection, names: readonly string[]): readonly string[] {
    const found = [...new Set(names)].map((name) => ({
      name,
      channel: this.byName.get(name)?.channel ?? channel(name, this.exchange),
    }));
    return found.flatMap(({ name, channel }) => {
      if (channel === null) return [];
      const subscription = this.byName.get(name) ?? {
        channel,
        connections: new Set(),
        sentAt: this.exchange.market.time,
      };
      subscription.connections.add(connection);
      this.byName.set(name, subscription);
      return [name];
    });
  }

  remove(connection: Connection, names: readonly string[]): readonly string[] {
    return names.filter((name) => {
      const subscription = this.byName.get(name);
      const was = subscription?.connections.delete(connection) ?? false;
      if (subscription?.connections.size === 0) this.byName.delete(name);
      return was;
    });
  }

  removeAll(connection: Connection): void {
    this.remove(connection, [...this.byName.keys()]);
  }

  /** The first message of each channel, to a new subscriber. */
  greet(connection: Connection, names: readonly string[]): void {
    for (const name of names) {
      const data = this.byName.get(name)?.channel.whole() ?? null;
      if (data !== null) connection.send(notification(name, data), 'notification');
    }
  }

  /** What a step has renewed, to whom it concerns. */
  publish(): void {
    // The market's time: a clock that is set back on command must not stop the stream.
    const now = this.exchange.market.time;
    for (const [name, subscription] of this.byName) {
      if (now - subscription.sentAt < subscription.channel.intervalMs * EARLY) continue;
      const data = subscription.channel.renewed();
      if (data === null) continue;
      subscription.sentAt = now;
      this.tell(name, data);
    }
  }

  /** Tells the subscribers of a channel what happened. */
  tell(name: string, data: string): void {
    const subscription = this.byName.get(name);
    if (subscription === undefined) return;
    const text = notification(name, data);
    for (const connection of subscription.connections) connection.send(text, 'notification');
  }

  /** Tells of contracts that were listed, or whose state changed. */
  announce(changes: readonly ListingChange[]): void {
    for (const { coin, expiry, option, kind } of changes) {
      for (const contract of contractsOf(coin)) {
        if (contract.kind === 'perpetual' || contract.expiry !== expiry) continue;
        if (option !== undefined && (contract.kind !== 'option' || contract.option !== option)) continue;
        const topic = kind === 'created' ? 'creation' : 'state';
        const instrument = instrumentObject(contract, 0) as { readonly instrument_name: string };
        const data = JSON.stringify(
          kind === 'created'
            ? instrument
            : {
                timestamp: this.exchange.prices.timestamp,
                state: contractState(contract),
                instrument_name: instrument.instrument_name,
              },
        );
        for (const kindName of [contract.kind, 'any'])
          for (const currency of [coin.currency, 'any']) this.tell(`instrument.${topic}.${kindName}.${currency}`, data);
      }
    }
  }
}

function notification(channel: string, data: string): string {
  return `{"jsonrpc":"2.0","method":"subscription","params":{"channel":"${channel}","data":${data}}}`;
}
