import type { Method, Session } from './Method.ts';
import { type RequestParams, rpcErrors } from './rpc.ts';

const VERSION = '1.2.26';
const MAX_CHANNELS = 500;
const LEAST_HEARTBEAT_SECONDS = 10;

function socketOnly(run: (params: RequestParams, session: Session) => unknown): Method {
  return { needsSession: true, run: (params, _, session) => run(params, session!) };
}

export const sessionMethods: Readonly<Record<string, Method>> = {
  'public/hello': socketOnly((params) => {
    params.text('client_name');
    params.text('client_version');
    return { version: VERSION };
  }),
  'public/test': {
    run(params, _, session) {
      if (params.optionalText('expected_result') === 'exception') throw rpcErrors.failure('expected_result');
      session?.testReceived();
      return { version: VERSION };
    },
  },
  'public/get_time': { run: (_, exchange) => Math.floor(exchange.now()) },
  'public/status': {
    run(_, { faults, market }) {
      const lock = faults.get('platform-lock')?.value;
      const all = market.coins.map(({ indexName }) => indexName);
      return {
        locked: lock === undefined ? false : lock === 'partial' ? 'partial' : true,
        locked_indices: lock === undefined ? [] : lock === 'partial' ? all.slice(0, 1) : all,
      };
    },
  },
  'public/set_heartbeat': socketOnly((params, session) => {
    const interval = params.number('interval');
    if (interval < LEAST_HEARTBEAT_SECONDS)
      throw rpcErrors.invalidParams('interval', `must be at least ${LEAST_HEARTBEAT_SECONDS}`);
    session.setHeartbeat(interval);
    return 'ok';
  }),
  'public/disable_heartbeat': socketOnly((_, session) => {
    session.setHeartbeat(null);
    return 'ok';
  }),
  'public/subscribe': socketOnly((params, session) => session.subscribe(channelsOf(params))),
  'public/unsubscribe': socketOnly((params, session) => session.unsubscribe(channelsOf(params))),
  'public/unsubscribe_all': socketOnly((_, session) => {
    session.unsubscribeAll();
    return 'ok';
  }),
};

function channelsOf(params: RequestParams): readonly string[] {
  const channels = params.texts('channels');
  if (channels.length > MAX_CHANNELS) throw rpcErrors.invalidParams('channels', `must be at most ${MAX_CHANNELS}`);
  return channels;
}
