import { useStore } from '../../state/store.ts';
import { amount, axisThousands, shortLevel, signedPercent } from '../../ui/format.ts';
import * as definitions from './definitions.tsx';
import { EditedMark } from './EditedMark.tsx';
import { MarketDoubts } from './MarketDoubts.tsx';
import styles from './PhoneVerdict.module.css';
import { usePaintMark } from './usePaintMark.ts';
import { Arrow, Asked, RequirementChange, Triangle, useVerdict } from './VerdictBar.tsx';
import { bandSentence, usedShare, withoutScenario } from './verdictFigures.ts';

/** The verdict on a phone: the same figures in four lines. */
export function PhoneVerdict() {
  const figures = useVerdict();
  const setModel = useStore((state) => state.setModel);
  const recompute = useStore((state) => state.recompute);
  usePaintMark();
  const { before, after, current, unit, band } = figures;
  const worst = current?.worstScenario?.label;
  return (
    <section
      className={styles.verdict}
      aria-label="Verdict"
      data-testid="verdict"
      data-stale={figures.stale || undefined}
    >
      <div className={styles.line}>
        <span className={styles.label}>
          <definitions.InitialMarginTerm figures={figures} />
          {figures.rulebookTitle !== '' && `, ${figures.rulebookTitle.toLowerCase()}`}
        </span>
        <EditedMark />
        <MarketDoubts />
        <span className={styles.label}>
          {worst ?? (figures.ready && current !== null ? withoutScenario(current) : '')}
        </span>
      </div>
      <div className={styles.change} data-testid="initial-margin">
        {current === null ? (
          figures.ready ? (
            <span className={styles.words}>
              {figures.unsupported?.message ??
                (figures.isLoading ? 'The venues’ rulebooks are loading' : 'Being asked')}
            </span>
          ) : (
            <span className={styles.blank} />
          )
        ) : (
          <>
            {after !== null && before !== null && (
              <>
                <Asked figure="initial" book="before" className={styles.old}>
                  {amount(before.initialMarginUsd, unit)}
                </Asked>
                <Arrow />
              </>
            )}
            <Asked figure="initial" className={styles.big}>
              {amount(current.initialMarginUsd, unit)}
            </Asked>
            {after !== null && before !== null && (
              <RequirementChange before={before.initialMarginUsd} after={after.initialMarginUsd} unit={unit} />
            )}
          </>
        )}
      </div>
      {figures.problem === null ? (
        <dl className={styles.figures}>
          <div>
            <dt>
              <definitions.FreeMarginTerm figures={figures} />
            </dt>
            <dd
              className={current !== null && current.availableUsd < 0 ? styles.short : undefined}
              data-testid="free-margin"
            >
              {current !== null && <Asked figure="free">{amount(current.availableUsd, unit)}</Asked>}
              {current !== null && current.availableUsd < 0 && ' short'}
            </dd>
          </div>
          <div>
            <dt>Used</dt>
            <dd data-testid="used">{current !== null && <Asked figure="used">{usedShare(current)}</Asked>}</dd>
          </div>
          <div data-testid="liquidation">
            <dt>
              <definitions.BandTerm figures={figures} />
            </dt>
            <dd>
              {band === null ? (
                figures.unsupported && 'not available'
              ) : band.now ? (
                <span className={styles.short}>below maintenance</span>
              ) : band.below === null && band.above === null ? (
                `none ${signedPercent(-band.reachBelow, 0)} to ${signedPercent(band.reachAbove, 0)}`
              ) : (
                <span className={styles.band}>
                  <span aria-hidden="true">
                    {band.below !== null && <Triangle down />}
                    {band.below === null ? 'none' : shortLevel(band.below.level)}
                  </span>
                  <span aria-hidden="true">
                    {band.above !== null && <Triangle />}
                    {band.above === null ? 'none' : shortLevel(band.above.level)}
                  </span>
                  <span className="visually-hidden">{bandSentence(band, figures.heldFixed)}</span>
                </span>
              )}
            </dd>
          </div>
        </dl>
      ) : (
        <p className={styles.failed} role="alert">
          Not updated: {figures.problem.message}
          <button type="button" onClick={recompute}>
            Retry
          </button>
        </p>
      )}
      <div
        className={styles.rulebooks}
        role="radiogroup"
        aria-label="Rulebook"
        data-many={figures.rulebooks.length > 3 || undefined}
      >
        {figures.rulebooks.map((line) => (
          <button
            key={line.id}
            type="button"
            role="radio"
            aria-checked={line.chosen}
            className={styles.rulebook}
            onClick={() => setModel(line.id)}
          >
            <span className={styles.rulebookName}>{line.title}</span>{' '}
            <b>
              {line.initialMarginUsd === null
                ? 'unsupported'
                : unit.kind === 'usd'
                  ? axisThousands(Math.round(line.initialMarginUsd / 100) * 100)
                  : amount(line.initialMarginUsd, unit)}
            </b>
          </button>
        ))}
      </div>
    </section>
  );
}
