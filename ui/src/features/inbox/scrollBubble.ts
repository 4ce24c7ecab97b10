import type { SortKey } from "@/app/order";
import { assigneeOf } from "@/app/people";
import { statusBadge, withinSentence } from "@/components/badges";
import { levelMark } from "@/components/levels";
import type { People } from "@/ipc";
import { formatAge, formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { EXTRA_WORDS, type ListRow, lifetimeWords } from "./rowExtras";
import styles from "./scrollBubble.module.css";

/** Time that the bubble stays after the last movement. */
const STAY_MS = 700;
/** Letters of a title that place it among others. */
const TITLE_LETTERS = 24;

/** What a row has of that by which the list is sorted first; empty where a row does not tell. */
export function sortValue(row: ListRow, key: SortKey, now: number, people?: People): string {
  switch (key.by) {
    case "last_seen":
      return `last seen ${formatAge(row.last_seen, now)} ago`;
    case "first_seen":
      return `first seen ${formatAge(row.first_seen, now)} ago`;
    case "events":
    case "users":
      return lifetimeWords(row, key.by);
    case "title":
      return row.title.length > TITLE_LETTERS ? `${row.title.slice(0, TITLE_LETTERS)}…` : row.title;
    case "project":
      return row.project;
    case "level":
      return levelMark(row.level).word;
    case "priority":
      return `priority ${row.priority}`;
    case "status":
      return withinSentence(statusBadge(row, now).label);
    case "type":
      return row.issue_type_name;
    case "platform":
      return row.platform || "no platform";
    case "assignee":
      return row.assignee === null ? "nobody’s" : assigneeOf(row.assignee, people).name;
    case "short_id":
      return row.short_id;
    case "labels":
      return row.labels[0] ?? "no label";
    case "note":
      return row.note === null ? "no note" : "";
    case "environment":
    case "first_release":
    case "last_release":
      // A row has it only where the column is shown.
      return row.question?.columns.includes(key.by) && row.extras ? EXTRA_WORDS[key.by](row.extras).text : "";
    case "trends":
      return "";
  }
}

/** What the bubble says of a place of the list, from 0. */
export const bubbleText = (value: string, index: number): string =>
  [value, `row ${formatCount(index + 1)}`].filter(Boolean).join(" · ");

/**
 * Says beside the scrollbar where a long list is, while it is scrolled too fast to be read. Not for screen readers,
 * which hear the row under the cursor.
 */
export class ScrollBubble {
  private readonly root = document.createElement("div");
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly scroller: HTMLElement) {
    this.root.className = styles.bubble ?? "";
    this.root.setAttribute("aria-hidden", "true");
    this.root.dataset.testid = testIds.scrollBubble;
    this.root.hidden = true;
    scroller.after(this.root);
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.root.remove();
  }

  get isShown(): boolean {
    return !this.root.hidden;
  }

  /** The list was scrolled by so many pixels of its content; a screen or more at once cannot be read. */
  scrolled(by: number, viewport: number): void {
    if (!this.isShown && Math.abs(by) < viewport) return;
    this.root.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.root.hidden = true;
    }, STAY_MS);
  }

  /** Puts the bubble beside the thumb. */
  say(text: string): void {
    if (!this.isShown) return;
    this.root.textContent = text;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const share = scrollHeight > clientHeight ? scrollTop / (scrollHeight - clientHeight) : 0;
    const top = this.scroller.offsetTop + share * (clientHeight - this.root.offsetHeight);
    this.root.style.transform = `translateY(${Math.round(top)}px)`;
  }
}
