import { DERIBIT_ENDPOINTS } from '../adapters/market/marketEndpoint.ts';
import type { MarketFeed } from '../adapters/market/MarketFeed.ts';
import { SIMULATED_REPLAYS } from '../adapters/market/simulator/simulatedReplays.ts';
import { failed, type Result, success } from '../engine/domain/failure.ts';
import type { BundledReplayName, MarketChoice } from '../state/marketChoice.ts';

/** The feed of a choice that can be made anew; its code is loaded for it. */
export async function chosenFeed(choice: MarketChoice): Promise<Result<MarketFeed>> {
  switch (choice.kind) {
    case 'deribit':
      return success(await liveFeed(DERIBIT_ENDPOINTS[choice.network]));
    case 'endpoint':
      return success(await liveFeed(choice.url));
    case 'simulator': {
      const [{ simulatedFeed }, { simulatedMarket }] = await Promise.all([
        import('../adapters/market/simulator/simulatedFeed.ts'),
        import('../adapters/market/simulatedMarket.ts'),
      ]);
      const { seed, speed } = choice;
      return success(simulatedFeed({ seed, speed, start: simulatedMarket(seed, Date.now()) }));
    }
    case 'replay':
      return simulatedReplay(choice.name);
    case 'recording':
      return failed('missing-data', `${choice.fileName} has to be opened again`);
    case 'still':
      return failed('unsupported', 'This market stands still');
  }
}

/** A Friday just after the day's expiry: everybody sees the same replay. */
const REPLAY_START = Date.UTC(2026, 10, 20, 8);
const REPLAY_SPEED = 60;

/** Simulated here and now, which takes some seconds, and played as any recording is. */
async function simulatedReplay(name: BundledReplayName): Promise<Result<MarketFeed>> {
  const replay = SIMULATED_REPLAYS.find(({ id }) => id === name);
  if (replay === undefined) return failed('missing-data', `There is no replay “${name}”`);
  const [{ scriptedRecordingBlob }, { simulatedMarket }, { openRecording }, { replayFeed }] = await Promise.all([
    import('../adapters/market/simulator/scriptedRecording.ts'),
    import('../adapters/market/simulatedMarket.ts'),
    import('../adapters/market/replay/openRecording.ts'),
    import('../adapters/market/replay/replayFeed.ts'),
  ]);
  const blob = await scriptedRecordingBlob(replay, simulatedMarket(replay.seed, REPLAY_START));
  const recording = await openRecording(blob, replay.name);
  if (!recording.ok) return recording;
  const feed = replayFeed(recording.value);
  feed.setSpeed(REPLAY_SPEED);
  return success(feed);
}

async function liveFeed(endpoint: string): Promise<MarketFeed> {
  const { deribitFeed } = await import('../adapters/market/deribit/deribitFeed.ts');
  return deribitFeed({ endpoint });
}
