import { RiskError, riskError } from '../domain/failure.ts';
import type { RunControl } from '../domain/RunControl.ts';
import type { PathAnswer, PathWorkerLink, PoolClock } from './pathMessages.ts';
import type { ComputedPart, PathBlock, PathPool } from './PathPool.ts';
import type { PathPlan } from './pathPlan.ts';
import { type Block, type Job, type JobEnd, type KnownPlan, partJob, pathJob } from './poolJobs.ts';

/** What a block should take: a run that is given up ends with those that lie with a worker. */
const BLOCK_MS = 8;
/** Blocks with a worker at a time, so that it does not wait for the next one even where this thread is kept busy. */
const AHEAD = 4;
/** Parts are long: one that waits behind another is one that no free worker can have. */
const PARTS_AHEAD = 2;
const LEAST_BLOCK = 256;
const MOST_BLOCK = 1 << 17;
/** Before anything is measured a worker has one block, of so many paths. */
const FIRST_BLOCK = 1024;
/** A worker that is silent for longer is taken for dead: at least this, and so many times what its blocks should take. */
const SILENCE_MS = 2_000;
const SILENCE_FACTOR = 25;
/** A part is long, and its worker says now and then that it is alive. */
const PART_SILENCE_MS = 10_000;
/** Until its first word: it has to be loaded, perhaps on a busy machine. */
const START_MS = 20_000;
/** Workers that are started before it is known what there is to do. */
const FIRST_WORKERS = 2;
/** So many workers may end before their first word; then the pool makes do with those it has, or fails where it has none. */
const MOST_FAILED_STARTS = 2;
/** How often a caller is asked whether it still wants an answer, besides after each block. */
const CANCEL_POLL_MS = 20;
/** Plans that a worker keeps. */
const PLANS_KEPT = 4;

export interface WorkerPathPoolOptions {
  readonly workers: number;
  /** Starts one. */
  readonly spawn: () => PathWorkerLink;
  readonly clock: PoolClock;
  /** Whether memory can be shared with the workers. */
  readonly shared: boolean;
}

interface Member {
  readonly link: PathWorkerLink;
  /** By number, in the order in which they were handed out. */
  readonly blocks: Map<number, Block>;
  /** Numbers of the plans that it has, the one used longest ago first. */
  readonly plans: Set<number>;
  isReady: boolean;
  stopWatch: () => void;
}

/**
 * Shares the paths of a plan out among workers, a block of some milliseconds at a time to whoever is free. A worker that dies or
 * falls silent is replaced and its block handed out again: paths are addressed by number, so the bits are the same. A block that
 * takes two workers with it fails the call, by name.
 */
export class WorkerPathPool implements PathPool {
  readonly workers: number;
  readonly #options: WorkerPathPoolOptions;
  readonly #members = new Set<Member>();
  readonly #jobs: Job[] = [];
  readonly #plans = new WeakMap<PathPlan, KnownPlan>();
  #lastPlan = 0;
  #lastBlock = 0;
  /** Workers that ended before their first word, since the pool was idle. */
  #failedStarts = 0;
  #stopPoll: (() => void) | null = null;

  constructor(options: WorkerPathPoolOptions) {
    this.workers = options.workers;
    this.#options = options;
  }

  pnl(plan: PathPlan, first: number, count: number, control: RunControl<number> = {}): Promise<PathBlock | null> {
    const { job, answer } = pathJob(this.#known(plan), plan, { first, count, shared: this.#options.shared }, control);
    this.#begin(job);
    return answer;
  }

  parts(work: unknown, count: number, control: RunControl<number> = {}): readonly Promise<ComputedPart | null>[] {
    const { job, answers } = partJob(this.#newPlan(), work, count, control);
    this.#begin(job);
    return answers;
  }

  #begin(job: Job): void {
    if (this.#jobs.length === 0) this.#failedStarts = 0;
    this.#jobs.push(job);
    if (job.count === 0) this.#finish(job);
    this.#handOut();
  }

  /** Starts the first workers before anything is asked of them: they take a while to load. */
  start(): void {
    this.#startMembers(FIRST_WORKERS);
  }

  #startMembers(wanted: number): void {
    try {
      while (this.#members.size < Math.min(wanted, this.workers) && this.#failedStarts < MOST_FAILED_STARTS)
        this.#startOne();
    } catch (error) {
      this.#failedStarts = MOST_FAILED_STARTS;
      if (this.#members.size === 0) this.#failAll(notStarted(error instanceof Error ? error.message : String(error)));
    }
  }

  /** Ends every worker; who waits gets a failure. The next call starts others. */
  end(): void {
    for (const member of this.#members) this.#dismiss(member);
    this.#failAll(new RiskError('internal', 'The path workers were ended before they had answered. Ask again'));
    this.#poll();
  }

  #failAll(error: RiskError): void {
    for (const job of this.#jobs.slice()) this.#end(job, error);
  }

  #known(plan: PathPlan): KnownPlan {
    let known = this.#plans.get(plan);
    if (known === undefined) this.#plans.set(plan, (known = this.#newPlan()));
    return known;
  }

  #newPlan(): KnownPlan {
    this.#lastPlan += 1;
    return { number: this.#lastPlan, rate: null };
  }

  /** Gives every worker that has spoken as many blocks as it may have, the free ones first. */
  #handOut(): void {
    this.#dropCancelled();
    if (this.#jobs.length > 0) this.#startMembers(this.#wantedMembers());
    for (let ahead = 1; ahead <= AHEAD; ahead += 1)
      for (const member of this.#members)
        if (member.isReady && member.blocks.size < ahead) this.#give(member, this.#nextBlock(ahead));
    this.#poll();
  }

  /** A worker for each block that is left: a small question is not worth the start of many. */
  #wantedMembers(): number {
    let blocks = 0;
    for (const { plan, count, done, unit } of this.#jobs)
      if (unit === 'part') blocks += count - done;
      else blocks += plan.rate === null ? FIRST_WORKERS : (count - done) / (plan.rate * BLOCK_MS);
    return Math.max(FIRST_WORKERS, Math.ceil(blocks));
  }

  /** The `place`-th block of a worker at a time. One that has one already waits for what its plan costs to be measured. */
  #nextBlock(place: number): Block | null {
    for (const job of this.#jobs) {
      if (job.unit === 'part' && place > PARTS_AHEAD) continue;
      const again = job.again.shift();
      if (again !== undefined) return again;
      const left = job.count - job.given;
      if (left === 0) continue;
      if (job.unit === 'part') return this.#taken(job, 1);
      const { rate } = job.plan;
      if (rate === null && place > 1) continue;
      // Towards the end blocks get smaller, so that all workers end together.
      const share = Math.ceil(left / (2 * this.workers));
      const size = Math.min(rate === null ? FIRST_BLOCK : rate * BLOCK_MS, share, MOST_BLOCK);
      const count = Math.min(left, Math.max(LEAST_BLOCK, Math.floor(size / LEAST_BLOCK) * LEAST_BLOCK));
      return this.#taken(job, count);
    }
    return null;
  }

  #taken(job: Job, count: number): Block {
    const block = { job, from: job.given, count, deaths: 0 };
    job.given += count;
    return block;
  }

  #give(member: Member, block: Block | null): void {
    if (block === null) return;
    const { job, from, count } = block;
    const { number } = job.plan;
    if (!member.plans.delete(number)) member.link.post(job.told);
    member.plans.add(number);
    for (const plan of member.plans) {
      if (member.plans.size <= PLANS_KEPT) break;
      if (this.#jobs.some(({ plan: { number: asked }, unit }) => asked === plan && unit === 'part')) continue;
      member.plans.delete(plan);
      member.link.post({ kind: 'forget', plan });
    }
    this.#lastBlock += 1;
    member.blocks.set(this.#lastBlock, block);
    member.link.post(job.question(this.#lastBlock, from, count));
    if (member.blocks.size === 1) this.#watch(member);
  }

  #startOne(): void {
    const member: Member = {
      link: this.#options.spawn(),
      blocks: new Map(),
      plans: new Set(),
      isReady: false,
      stopWatch: () => {},
    };
    this.#members.add(member);
    member.link.listen(
      (answer) => {
        if (this.#members.has(member)) this.#hear(member, answer);
      },
      (reason) => {
        if (this.#members.has(member)) this.#bury(member, reason);
      },
    );
    this.#watch(member);
  }

  #hear(member: Member, answer: PathAnswer): void {
    member.isReady = true;
    if (answer.kind !== 'ready' && answer.kind !== 'alive') {
      const block = member.blocks.get(answer.block);
      member.blocks.delete(answer.block);
      if (block !== undefined && this.#jobs.includes(block.job)) this.#take(block, answer);
    }
    if (answer.kind === 'alive') for (const { job } of member.blocks.values()) tellAlive(job);
    this.#handOut();
    if (this.#members.has(member)) this.#watch(member);
  }

  #take({ job, from, count }: Block, answer: Exclude<PathAnswer, { kind: 'ready' | 'alive' }>): void {
    if (answer.kind === 'refused') {
      this.#end(job, riskError(answer.failure));
      return;
    }
    job.take(answer, from);
    // One measurement among many: a machine that is busy for a moment must not change the size of blocks for long.
    if (answer.milliseconds > 0) {
      const measured = count / answer.milliseconds;
      job.plan.rate = job.plan.rate === null ? measured : (job.plan.rate + measured) / 2;
    }
    job.done += count;
    job.control.onProgress?.(job.done);
    if (job.done === job.count) this.#finish(job);
  }

  #finish(job: Job): void {
    this.#end(job, job.control.cancelled?.() ? 'cancelled' : 'done');
  }

  #end(job: Job, how: JobEnd): void {
    const at = this.#jobs.indexOf(job);
    if (at < 0) return;
    this.#jobs.splice(at, 1);
    job.end(how);
    if (job.unit === 'path') return;
    // A part under way ends when its worker next looks up.
    const { number } = job.plan;
    for (const { plans, link } of this.#members) if (plans.delete(number)) link.post({ kind: 'forget', plan: number });
  }

  #dropCancelled(): void {
    for (const job of this.#jobs.slice()) if (job.control.cancelled?.()) this.#end(job, 'cancelled');
  }

  /** From a worker's last word on, and from its first block. */
  #watch(member: Member): void {
    member.stopWatch();
    if (member.blocks.size === 0 && member.isReady) return;
    let expected = 0;
    let least = member.isReady ? SILENCE_MS : START_MS;
    for (const { count, job } of member.blocks.values()) {
      if (job.unit === 'part') least = Math.max(least, PART_SILENCE_MS);
      else expected += count / (job.plan.rate ?? Infinity);
    }
    const patience = Math.max(least, SILENCE_FACTOR * expected);
    const said = `said nothing for ${(patience / 1000).toFixed(0)} s`;
    member.stopWatch = this.#options.clock.after(patience, () => this.#bury(member, said));
  }

  #dismiss(member: Member): void {
    this.#members.delete(member);
    member.stopWatch();
    member.link.end();
  }

  /** The block that the worker was at is tried once more; those that waited behind it are not to blame. */
  #bury(member: Member, reason: string): void {
    this.#dismiss(member);
    if (!member.isReady) this.#failedStarts += 1;
    const [fatal, ...waiting] = member.blocks.values();
    for (const block of waiting) if (this.#jobs.includes(block.job)) block.job.again.push(block);
    if (fatal !== undefined && this.#jobs.includes(fatal.job)) {
      fatal.deaths += 1;
      if (fatal.deaths < 2) fatal.job.again.unshift(fatal);
      else this.#end(fatal.job, stoppedTwice(fatal, reason));
    }
    if (this.#failedStarts >= MOST_FAILED_STARTS && this.#members.size === 0) this.#failAll(notStarted(reason));
    this.#handOut();
  }

  /** A cancel is heard even while no worker answers. */
  #poll(): void {
    if (this.#jobs.length === 0) {
      this.#stopPoll?.();
      this.#stopPoll = null;
      return;
    }
    this.#stopPoll ??= this.#options.clock.after(CANCEL_POLL_MS, () => {
      this.#stopPoll = null;
      this.#dropCancelled();
      this.#poll();
    });
  }
}

function tellAlive({ unit, control, done }: Job): void {
  if (unit === 'part') control.onProgress?.(done);
}

function stoppedTwice({ job, from, count }: Block, reason: string): RiskError {
  const first = job.first + from;
  const named = count === 1 ? `${job.unit} ${first}` : `${job.unit}s ${first} to ${first + count - 1}`;
  return new RiskError(
    'internal',
    `Two workers in a row stopped at ${named} (the last one ${reason}). Ask again, or for fewer paths`,
  );
}

function notStarted(reason: string): RiskError {
  return new RiskError('internal', `The workers for the paths could not be started (${reason}). Reload, and ask again`);
}
