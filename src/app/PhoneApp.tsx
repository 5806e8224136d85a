import { type ReactNode, useEffect, useState } from 'react';
import { PhoneVerdict } from '../panels/verdict/PhoneVerdict.tsx';
import { useStore } from '../state/store.ts';
import { DockToolsSlot } from '../ui/DockTools.tsx';
import { CurveIcon, GridIcon, ListIcon, SlidersIcon } from '../ui/icons.tsx';
import { FramedPanel } from './FramedPanel.tsx';
import { Notices } from './Notices.tsx';
import { PanelSlot } from './PanelSlot.tsx';
import styles from './PhoneApp.module.css';
import { ProposalBar } from './ProposalBar.tsx';
import type { PanelId } from './panelCatalog.ts';
import { ReplayPlace } from './ReplayPlace.tsx';
import { TopBar } from './TopBar.tsx';

const PAGES = [
  { id: 'trade', title: 'Trade', icon: <CurveIcon /> },
  { id: 'stress', title: 'Stress', icon: <GridIcon /> },
  { id: 'chain', title: 'Chain', icon: <ListIcon /> },
  { id: 'rules', title: 'Rules', icon: <SlidersIcon /> },
] as const;
type Page = (typeof PAGES)[number]['id'];

const SEGMENTS = [
  { id: 'payoff', title: 'Curve' },
  { id: 'stress', title: 'Stress' },
  { id: 'runway', title: 'Runway' },
  { id: 'why', title: 'Why' },
  { id: 'decide', title: 'Decide' },
  { id: 'coverage', title: 'Coverage' },
  { id: 'backtest', title: 'Backtest' },
  { id: 'replay', title: 'Replay' },
] as const satisfies readonly { id: PanelId; title: string }[];

type Segment = (typeof SEGMENTS)[number]['id'];
/** As tall as what they hold; the others have a height of their own. */
const FITTING: ReadonlySet<Segment> = new Set(['stress', 'why', 'decide', 'backtest', 'replay']);

/** The phone: the verdict stays on top, the proposed trade at the bottom, one page between them scrolls. */
export function PhoneApp({ onHelp }: { onHelp: () => void }) {
  const [page, setPage] = useState<Page>('trade');
  const proposed = useStore((state) => state.proposal !== null);
  const [segment, setSegment] = useState<Segment>('payoff');
  useEffect(
    () =>
      useStore.subscribe(
        (state) => state.decideOpened,
        () => {
          setPage('trade');
          setSegment('decide');
        },
      ),
    [],
  );
  useEffect(
    () =>
      useStore.subscribe(
        (state) => state.whyOpened,
        () => {
          setPage('trade');
          setSegment('why');
        },
      ),
    [],
  );
  return (
    <div className={styles.phone}>
      <div className={styles.head}>
        <div className={styles.top}>
          <TopBar compact onHelp={onHelp} />
        </div>
        <Notices />
        <PhoneVerdict />
        <ReplayPlace />
      </div>
      <main className={styles.page}>
        {page === 'trade' && <TradePage segment={segment} onSegment={setSegment} />}
        {page === 'stress' && (
          <>
            <Fit>
              <PanelSlot id="stress" />
            </Fit>
            <Fit>
              <PanelSlot id="scenario" />
            </Fit>
            <Fit>
              <FramedPanel id="explain" />
            </Fit>
            <Fit>
              <PanelSlot id="greeks" bare />
            </Fit>
          </>
        )}
        {page === 'chain' && <ChainPage />}
        {page === 'rules' && <RulesPage />}
      </main>
      {proposed && <ProposalBar />}
      <nav className={styles.tabs} aria-label="Pages">
        {PAGES.map(({ id, title, icon }) => (
          <button
            key={id}
            type="button"
            className={styles.tab}
            aria-current={id === page ? 'page' : undefined}
            onClick={() => setPage(id)}
          >
            {icon}
            {title}
          </button>
        ))}
      </nav>
    </div>
  );
}

function TradePage({ segment, onSegment }: { segment: Segment; onSegment: (segment: Segment) => void }) {
  const isReplaying = useStore((state) => state.replay !== null);
  return (
    <>
      <Fit>
        <PanelSlot id="trade" />
      </Fit>
      <div className={styles.segments} role="tablist" aria-label="Views">
        {SEGMENTS.filter(({ id }) => id !== 'replay' || isReplaying).map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={id === segment}
            className={styles.segment}
            onClick={() => onSegment(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div
        className={FITTING.has(segment) ? styles.fit : styles.view}
        data-view={segment}
        role="tabpanel"
        aria-label={segment}
      >
        {segment === 'decide' || segment === 'replay' ? (
          <FramedPanel id={segment} />
        ) : (
          <PanelSlot key={segment} id={segment} />
        )}
      </div>
      <Fit>
        <PanelSlot id="book" />
      </Fit>
    </>
  );
}

function RulesPage() {
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const [parameterTools, setParameterTools] = useState<HTMLElement | null>(null);
  return (
    <>
      <div className={styles.tools} ref={setTools} />
      <Fit>
        <DockToolsSlot value={tools}>
          <PanelSlot id="rulebooks" bare />
        </DockToolsSlot>
      </Fit>
      <div className={styles.tools} ref={setParameterTools} />
      <Fit>
        <DockToolsSlot value={parameterTools}>
          <PanelSlot id="parameters" bare />
        </DockToolsSlot>
      </Fit>
    </>
  );
}

function ChainPage() {
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const [surfaceTools, setSurfaceTools] = useState<HTMLElement | null>(null);
  return (
    <>
      <div className={styles.tools} ref={setTools} />
      <div className={styles.tall}>
        <DockToolsSlot value={tools}>
          <PanelSlot id="chain" bare />
        </DockToolsSlot>
      </div>
      <div className={styles.tools} ref={setSurfaceTools} />
      <Fit>
        <DockToolsSlot value={surfaceTools}>
          <PanelSlot id="surface" bare />
        </DockToolsSlot>
      </Fit>
    </>
  );
}

function Fit({ children }: { children: ReactNode }) {
  return <div className={styles.fit}>{children}</div>;
}
