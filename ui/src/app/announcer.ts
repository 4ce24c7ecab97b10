import { createValueStore } from "@/lib/valueStore";

/** Least time between two spoken messages. */
const QUIET_MS = 2_000;

/**
 * The one polite live region. A screen reader that is told every change of a live list says nothing else, so later
 * messages replace earlier ones that have not been spoken yet.
 */
export class Announcer {
  readonly message = createValueStore("");
  private waiting: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    this.waiting = text;
    if (this.timer === undefined) this.speak();
  }

  private speak(): void {
    if (this.waiting === null) {
      this.timer = undefined;
      return;
    }
    // A region that does not change is not read again: what was said last differs by a space at its end.
    const again = this.waiting === this.message.get();
    this.message.set(again ? `${this.waiting}\u00a0` : this.waiting);
    this.waiting = null;
    this.timer = setTimeout(() => this.speak(), QUIET_MS);
  }
}
