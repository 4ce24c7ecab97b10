import type { Host, JobProgress } from "@/ipc";
import { formatCount } from "@/lib/format";
import { createValueStore } from "@/lib/valueStore";

/** Something that goes on and can be watched and ended. */
export interface Work {
  key: number;
  /** What it does: `Resolving 12 431 issues`. */
  title: string;
  /** The number of its job, or what it is called while it has none; nothing until the first report. */
  job: string | null;
  done: number;
  total: number;
  startedAt: number;
  /** Somebody asked for its end; it finishes the chunk it is at. */
  ending: boolean;
  /** It can be ended on its way. Else it is done as a whole, and `total` is 0 while nobody knows how much it is. */
  stops: boolean;
}

/** A piece of work, for whoever carries it out. */
export interface WorkHandle {
  /** Its key in {@link WorkStore.running}, for whoever shows this work and no other. */
  key: number;
  progress: (progress: JobProgress) => void;
  /** How far it is; undefined once it has ended. */
  state: () => Work | undefined;
  end: () => void;
}

/** Everything this window has under way. Lives outside the screens, so that one can leave and look at something else. */
export class WorkStore {
  readonly running = createValueStore<readonly Work[]>([]);
  private next = 1;

  constructor(private readonly host: Pick<Host, "jobCancel">) {}

  /** Whether a job is worked on in this window. */
  isUnderWay(job: string | null): boolean {
    return job !== null && this.running.get().some((work) => work.job === job);
  }

  /** `job`: its number, where it is one that is gone on with. */
  begin(title: string, total: number, job: string | null = null): WorkHandle {
    return this.add({ title, total, job, stops: true });
  }

  /** Work that says itself how much it is and that it can be stopped, if it can. */
  beginUnsized(title: string, job: string | null): WorkHandle {
    return this.add({ title, total: 0, job, stops: false });
  }

  private add(work: Pick<Work, "title" | "total" | "job" | "stops">): WorkHandle {
    const key = this.next;
    this.next += 1;
    const startedAt = Date.now();
    this.running.set((all) => [...all, { ...work, key, done: 0, startedAt, ending: false }]);
    return {
      key,
      progress: ({ job: number, done, total: exact }) => {
        const before = this.find(key);
        this.change(key, { job: number, done, total: exact, stops: true });
        // It was to end before its id was known.
        if (before?.ending && before.job === null) void this.host.jobCancel(number).catch(() => undefined);
      },
      state: () => this.find(key),
      end: () => this.running.set((all) => all.filter((work) => work.key !== key)),
    };
  }

  /** Asks for the end of a piece of work. What it has done until then stays. */
  cancel(key: number): void {
    const work = this.find(key);
    if (!work?.stops || work.ending) return;
    this.change(key, { ending: true });
    if (work.job !== null) {
      void this.host.jobCancel(work.job).catch(() => this.change(key, { ending: false }));
    }
  }

  private find(key: number): Work | undefined {
    return this.running.get().find((work) => work.key === key);
  }

  private change(key: number, part: Partial<Work>): void {
    this.running.set((all) => all.map((work) => (work.key === key ? { ...work, ...part } : work)));
  }
}

/** How far something is; how much there is nobody knows of what is done all at once. */
export const progressWords = ({ done, total, stops }: Work): string =>
  stops ? `${formatCount(done)} of ${formatCount(total)}` : "all at once";

/** Time that is left at the present rate, in milliseconds; null while nothing can be said. */
export function timeLeft(work: Work, now: number): number | null {
  const elapsed = now - work.startedAt;
  if (work.done === 0 || elapsed < 200) return null;
  return ((work.total - work.done) * elapsed) / work.done;
}

/** How much was done each second so far; null while nothing can be said. */
export function rateOf(work: Work, now: number): number | null {
  const elapsed = now - work.startedAt;
  if (work.done === 0 || elapsed < 200) return null;
  return (work.done * 1_000) / elapsed;
}
