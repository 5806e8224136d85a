import { type ReactNode, useId, useRef, useState } from 'react';
import { parseMarketEndpoint } from '../adapters/market/marketEndpoint.ts';
import { SIMULATED_REPLAYS } from '../adapters/market/simulator/simulatedReplays.ts';
import type { MarketChoice } from '../state/marketChoice.ts';
import { useLiveStore } from '../state/store.ts';
import { Button } from '../ui/Button.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { SegmentedControl } from '../ui/SegmentedControl.tsx';
import { useAppActions } from './AppActionsContext.ts';
import styles from './MarketSheet.module.css';
import type { MarketControl } from './marketControl.ts';
import { MAX_SEED } from './restoredChoice.ts';

/** Simulated seconds a second. */
const SPEEDS = [
  { value: '1', label: '×1' },
  { value: '60', label: '×60' },
  { value: '600', label: '×600' },
] as const;

interface MarketChoicesProps {
  readonly control: MarketControl;
  readonly onClose: () => void;
}

/** Every market there is to choose, the one that runs marked. */
export function MarketChoices({ control, onClose }: MarketChoicesProps) {
  const chosen = useLiveStore((state) => state.marketChoice);
  const choose = (choice: MarketChoice) => {
    onClose();
    void control.choose(choice);
  };
  const isDeribit = (network: 'production' | 'test') => chosen.kind === 'deribit' && chosen.network === network;
  return (
    <>
      <h3 className={styles.title}>Live</h3>
      <Row
        name="Deribit"
        about="Public prices of BTC, ETH and the USDC books. No key, no account."
        isChosen={isDeribit('production')}
        onStart={() => choose({ kind: 'deribit', network: 'production' })}
      />
      <Row
        name="Deribit test network"
        about="Its practice exchange: prices are not the market’s."
        isChosen={isDeribit('test')}
        onStart={() => choose({ kind: 'deribit', network: 'test' })}
      />
      <Endpoint chosen={chosen} choose={choose} />
      <h3 className={styles.title}>Simulated</h3>
      <Simulator chosen={chosen} choose={choose} />
      {SIMULATED_REPLAYS.map(({ id, name, description }) => (
        <Row
          key={id}
          name={name}
          about={description}
          action="Play"
          isChosen={chosen.kind === 'replay' && chosen.name === id}
          onStart={() => choose({ kind: 'replay', name: id })}
        />
      ))}
      <h3 className={styles.title}>Still</h3>
      <Recording control={control} chosen={chosen} onClose={onClose} />
      <DemoMarket onClose={onClose} isChosen={chosen.kind === 'still'} />
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly about: ReactNode;
  readonly isChosen: boolean;
  readonly action?: string;
  readonly onStart: () => void;
  readonly children?: ReactNode;
}

function Row({ name, about, isChosen, action = 'Follow', onStart, children }: RowProps) {
  return (
    <div className={styles.choice} data-chosen={isChosen || undefined}>
      <div className={styles.words}>
        <span className={styles.name}>
          {name}
          {isChosen && <span className={styles.chosen}>chosen</span>}
        </span>
        <span className={styles.about}>{about}</span>
        {children}
      </div>
      <Button onClick={onStart} aria-label={`${action} ${name}`}>
        {action}
      </Button>
    </div>
  );
}

interface OneChoiceProps {
  readonly chosen: MarketChoice;
  readonly choose: (choice: MarketChoice) => void;
}

function Endpoint({ chosen, choose }: OneChoiceProps) {
  const [text, setText] = useState(chosen.kind === 'endpoint' ? chosen.url : '');
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const follow = () => {
    const endpoint = parseMarketEndpoint(text);
    setProblem(endpoint.ok ? null : endpoint.failure.message);
    if (endpoint.ok) choose({ kind: 'endpoint', url: endpoint.value });
  };
  return (
    <Row
      name="Another endpoint"
      about="A server that speaks Deribit’s protocol."
      isChosen={chosen.kind === 'endpoint'}
      onStart={follow}
    >
      <input
        className={styles.endpoint}
        type="text"
        inputMode="url"
        spellCheck={false}
        autoComplete="off"
        placeholder="ws://127.0.0.1:8090/ws/api/v2"
        aria-label="Address of the endpoint"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : id}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && follow()}
      />
      {problem !== null && (
        <span id={id} role="alert" className={styles.problem}>
          {problem}.
        </span>
      )}
    </Row>
  );
}

function Simulator({ chosen, choose }: OneChoiceProps) {
  const [seed, setSeed] = useState(chosen.kind === 'simulator' ? chosen.seed : 1);
  const [speed, setSpeed] = useState(chosen.kind === 'simulator' ? String(chosen.speed) : '1');
  return (
    <Row
      name="Simulator"
      about="Prices that jump and cluster, skew that wanders. The same seed gives the same market."
      isChosen={chosen.kind === 'simulator'}
      onStart={() => choose({ kind: 'simulator', seed, speed: Number(speed) })}
    >
      <span className={styles.fields}>
        <NumberField
          variant="form"
          caption="Seed"
          label="Seed of the simulator"
          value={seed}
          min={0}
          max={MAX_SEED}
          problem={(value) => (Number.isInteger(value) ? null : 'A whole number')}
          onCommit={setSeed}
        />
        <SegmentedControl label="Speed of the simulator" value={speed} options={SPEEDS} onChange={setSpeed} />
      </span>
    </Row>
  );
}

function Recording({ control, chosen, onClose }: MarketChoicesProps & { chosen: MarketChoice }) {
  const file = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const play = async (chosenFile: File) => {
    const failure = await control.playRecording(chosenFile);
    setProblem(failure?.message ?? null);
    if (failure === null) onClose();
  };
  return (
    <Row
      name={chosen.kind === 'recording' ? chosen.fileName : 'A recording'}
      about="What was recorded here, played again at any speed."
      action="Open"
      isChosen={chosen.kind === 'recording'}
      onStart={() => file.current?.click()}
    >
      <input
        ref={file}
        type="file"
        hidden
        accept=".jsonl"
        data-testid="recording-input"
        onChange={(event) => {
          const [first] = event.target.files ?? [];
          if (first !== undefined) void play(first);
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
      {problem !== null && (
        <span role="alert" className={styles.problem}>
          {problem}
        </span>
      )}
    </Row>
  );
}

function DemoMarket({ onClose, isChosen }: { onClose: () => void; isChosen: boolean }) {
  const { openDemoMarket } = useAppActions();
  return (
    <Row
      name="Demo market"
      about="Simulated, and stands still. Files with a market are opened by Open, or dropped on the page."
      action="Open"
      isChosen={isChosen}
      onStart={() => {
        onClose();
        openDemoMarket();
      }}
    />
  );
}
