import { createValueStore } from "@/lib/valueStore";

/** Least time between two spoken messages. */
const QUIET_MS = 2_000;

/**
 * The one polite live region. A screen reader that is told every change of a live list says nothing else, so what comes
 * while it is quiet is summed up: the newest word about each matter (UX 24).
 */
export class Announcer {
  readonly message = createValueStore("");
  /** What is said next, by what it is about. */
  private readonly waiting = new Map<string, string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `about`: what an earlier message is forgotten for that was not spoken yet. Another one is said along with it. */
  say(text: string, about: string = text): void {
    this.waiting.delete(about);
    this.waiting.set(about, text);
    if (this.timer === undefined) this.speak();
  }

  private speak(): void {
    if (this.waiting.size === 0) {
      this.timer = undefined;
      return;
    }
    const text = [...this.waiting.values()].reduce((said, next) =>
      /[.!?…]$/.test(said) ? `${said} ${next}` : `${said}. ${next}`,
    );
    // A region that does not change is not read again: what was said last differs by a space at its end.
    const again = text === this.message.get();
    this.message.set(again ? `${text}\u00a0` : text);
    this.waiting.clear();
    this.timer = setTimeout(() => this.speak(), QUIET_MS);
  }
}
