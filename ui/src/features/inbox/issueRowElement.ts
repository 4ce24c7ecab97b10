import { assigneeOf } from "@/app/people";
import {
  type BadgeText,
  badgesOf,
  badgeValue,
  fittingBadges,
  inboxReason,
  statusBadge,
} from "@/components/badges";
import { levelMark } from "@/components/levels";
import type { IssueRow, People } from "@/ipc";
import { formatAge, formatExact } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import styles from "./IssueGrid.module.css";
import type { ExtraColumn, ListColumn } from "./listColumns";
import type { RowContext } from "./listContext";
import { EXTRA_WORDS, eventsWords, type ListRow, scoreWords, usersWords } from "./rowExtras";
import { cellTip } from "./rowTips";
import { rowTrend } from "./rowTrend";
import { TREND, trendPath } from "./trend";

const SVG = "http://www.w3.org/2000/svg";

/** Class of a badge's tone; `warning` alone is already the level's class. */
const TONES = {
  accent: "accent",
  warning: "warningTone",
  danger: "danger",
  success: "success",
  neutral: "neutral",
  plain: "plain",
} as const;

/** Labels that a row shows one by one. */
const LABELS_SHOWN = 3;

/** What the columns of words say of a row. */
const WORDS: Partial<Record<ListColumn, (row: IssueRow) => string>> = {
  status: (row) => statusBadge(row).label,
  priority: (row) => row.priority,
  level: (row) => levelMark(row.level).word,
  project: (row) => row.project,
  type: (row) => row.issue_type_name,
  platform: (row) => row.platform,
  labels: (row) => row.labels.join(", "),
  note: (row) => row.note?.replaceAll("\n", " ") ?? "",
};

function element(tag: "div" | "span", className: string | undefined, role?: string): HTMLElement {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (role) node.setAttribute("role", role);
  return node;
}

function drawing(
  className: string | undefined,
  width: number,
  height: number,
): [SVGSVGElement, SVGPathElement] {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("class", className ?? "");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return [svg, path];
}

/** Writes only what differs: most updates touch one counter of a row, and untouched nodes cost no layout. */
function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

function setAttribute(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** A row has one line for a text; the blanks in it are kept, so a break would begin another line. */
const oneLine = (text: string): string => text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ");

/** `TimeoutError: no answer` → the type that is set in bold and the rest. */
export function splitTitle(written: string): [string, string] {
  const title = oneLine(written);
  const at = title.indexOf(": ");
  return at > 0 && at <= 60 && !title.slice(0, at).includes(" ")
    ? [title.slice(0, at), title.slice(at)]
    : [title, ""];
}

/** The longest end of a culprit that is kept apart, in characters. */
const CULPRIT_END = 48;

/**
 * `checkout/pay/client.rs in call` → the folders, and the file with its function, which say most and are cut last.
 * Where there are no folders, the modules before the last one.
 */
export function splitCulprit(written: string): [string, string] {
  const culprit = oneLine(written);
  const place = culprit.split(" in ", 1)[0] ?? culprit;
  const folder = Math.max(place.lastIndexOf("/"), place.lastIndexOf("\\"));
  // One dot alone is that of a file's ending.
  const module = place.split(".").length > 2 ? place.lastIndexOf(".") : -1;
  const at = folder > 0 ? folder : module;
  return at > 0 && culprit.length - at <= CULPRIT_END
    ? [culprit.slice(0, at), culprit.slice(at)]
    : [culprit, ""];
}

/** Plain errors need no type beside them, and detected problems often carry it as their title. */
function namesItsType(row: IssueRow): boolean {
  return row.issue_type === "error" || row.title === row.issue_type_name;
}

/** What a screen reader says for a row. */
export function rowLabel(row: ListRow, now: number, people?: People): string {
  const badges = badgesOf(row).map((badge) =>
    badge.kind === "priority" ? `priority ${badge.label.toLowerCase()}` : badge.label,
  );
  return [
    `${levelMark(row.level).word}: ${row.title}`,
    row.subtitle,
    ...badges,
    row.inbox_reason === null ? "" : "waits for review",
    row.has_seen ? "" : "not seen yet",
    row.is_bookmarked ? "bookmarked" : "",
    row.labels.length === 0 ? "" : `labels ${row.labels.join(", ")}`,
    row.assignee === null ? "" : `assigned to ${assigneeOf(row.assignee, people).name}`,
    eventsWords(row).said,
    usersWords(row).said,
    `last seen ${formatAge(row.last_seen, now)} ago`,
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * One pooled row of the issue list. Built once and then filled again and again; every text goes through
 * `textContent`, because titles, tags and culprits are written by whoever sends events.
 */
export class IssueRowElement {
  readonly root = element("div", styles.row, "row");
  /** Row of the list this element stands for now; -1 while unused. */
  row = -1;
  /** Place of its issue in the order of the list. */
  index = -1;
  id = "";
  private shown: ListRow | undefined;
  private readonly glyph: SVGSVGElement;
  private readonly glyphPath: SVGPathElement;
  private active: HTMLElement | null = null;
  private readonly headline = element("div", styles.headline);
  private readonly review = element("span", styles.review);
  private readonly kind = element("span", styles.kind);
  private readonly message = element("span", styles.message);
  private readonly subtitle = element("span", styles.subtitle);
  private readonly badges = element("span", styles.badges);
  private readonly project = element("span", styles.project);
  private readonly culprit = element("span", styles.culprit);
  private readonly culpritPath = element("span", styles.culpritPath);
  private readonly culpritPlace = element("span", styles.culpritPlace);
  private readonly shortId = element("span", styles.shortId);
  private readonly type = element("span", styles.type);
  private readonly labels = element("span", styles.labels);
  /** Where it happened, which only tall rows have room for. */
  private readonly frame = element("div", styles.frame);
  private readonly trend: SVGSVGElement;
  private readonly trendPath: SVGPathElement;
  private readonly box = element("div", styles.pick, "gridcell");
  /** Why the row no longer belongs to the list. */
  private readonly left = element("span", styles.left);
  private readonly unseen = element("span", styles.unseen);
  private readonly bookmark: SVGSVGElement;
  private readonly events = element("div", styles.number, "gridcell");
  private readonly users = element("div", styles.number, "gridcell");
  private readonly first = element("div", styles.age, "gridcell");
  private readonly last = element("div", styles.age, "gridcell");
  private readonly assignee = element("div", styles.assignee, "gridcell");
  /** Columns that only show a word of the row. */
  private readonly words = new Map<ListColumn, HTMLElement>();
  /** Columns that are read beside the row. */
  private readonly extras = new Map<ExtraColumn, HTMLElement>();
  private readonly columns: Record<ListColumn, HTMLElement>;

  /** `context`: who is known, and what the list asks for, at the time of drawing. */
  constructor(
    private readonly context: Pick<RowContext, "people" | "left">,
    columns: readonly ListColumn[],
  ) {
    [this.glyph, this.glyphPath] = drawing(styles.glyph, 16, 16);
    [this.trend, this.trendPath] = drawing(styles.trend, TREND.width, TREND.height);
    this.glyph.setAttribute("width", "14");
    this.glyph.setAttribute("height", "14");

    let star: SVGPathElement;
    [this.bookmark, star] = drawing(styles.bookmark, 16, 16);
    star.setAttribute("d", "M4 2h8v12l-4-3-4 3Z");
    this.bookmark.setAttribute("width", "12");
    this.bookmark.setAttribute("height", "12");
    this.bookmark.dataset.tip = "Bookmarked";
    const [tick, tickPath] = drawing(styles.tick, 16, 16);
    tickPath.setAttribute("d", "M3 8.5 6.5 12 13 4.5");
    const frame = element("span", styles.box);
    frame.append(tick);
    this.box.append(frame);
    this.labels.dataset.testid = testIds.rowLabels;
    this.box.dataset.pick = "";

    const issue = element("div", styles.issue, "gridcell");
    issue.dataset.cell = "issue";
    const meta = element("div", styles.meta);
    this.headline.append(
      this.review,
      this.kind,
      this.message,
      this.subtitle,
      this.bookmark,
      this.badges,
      this.left,
    );
    this.culprit.append(this.culpritPath, this.culpritPlace);
    meta.append(this.project, this.culprit, this.shortId, this.type, this.labels);
    issue.append(this.headline, meta, this.frame);

    const level = element("div", styles.level, "gridcell");
    level.dataset.cell = "level";
    level.append(this.unseen, this.glyph);
    const trend = element("div", styles.trendCell, "gridcell");
    trend.append(this.trend);
    this.trend.addEventListener("pointermove", (event) => this.describeTrend(event));

    const word = (name: ListColumn) => {
      const cell = element("div", styles.word, "gridcell");
      this.words.set(name, cell);
      return cell;
    };
    const extra = (name: ExtraColumn) => {
      const cell = element("div", styles.word, "gridcell");
      this.extras.set(name, cell);
      return cell;
    };
    this.columns = {
      trend,
      events: this.events,
      users: this.users,
      first: this.first,
      last: this.last,
      assignee: this.assignee,
      status: word("status"),
      priority: word("priority"),
      level: word("level"),
      project: word("project"),
      type: word("type"),
      platform: word("platform"),
      labels: word("labels"),
      note: word("note"),
      environment: extra("environment"),
      release: extra("release"),
      first_release: extra("first_release"),
      last_release: extra("last_release"),
      service: extra("service"),
      topic: extra("topic"),
      frame: extra("frame"),
      traces: extra("traces"),
      size: extra("size"),
    };
    for (const [name, cell] of Object.entries(this.columns)) cell.dataset.column = name;
    this.root.append(this.box, level, issue);
    this.setColumns(columns);
    this.root.setAttribute("aria-selected", "false");
    this.root.dataset.testid = testIds.issueRow;
  }

  /** Shows these columns behind the issue, in this order. */
  setColumns(columns: readonly ListColumn[]): void {
    const wanted = columns.map((name) => this.columns[name]);
    for (const cell of Object.values(this.columns)) if (!wanted.includes(cell)) cell.remove();
    this.root.append(...wanted);
  }

  /** Stands for another place in the list. `group`: that of the issue, in a list that has groups. */
  place(row: number, index: number, id: string, group: number | null): void {
    this.row = row;
    this.index = index;
    this.id = id;
    this.root.id = `issue-row-${index}`;
    this.root.dataset.index = String(index);
    this.root.dataset.issueId = id;
    // The header is row 1; the header of each group up to its own is another one.
    this.root.setAttribute("aria-rowindex", String(index + 2 + (group === null ? 0 : group + 1)));
    if (group === null) this.root.removeAttribute("aria-level");
    else this.root.setAttribute("aria-level", "2");
  }

  /** Shows a row, the place holder while there is none yet, or that the issue is gone. */
  fill(row: ListRow | undefined, gone: boolean, now: number): void {
    this.root.classList.toggle(styles.blank ?? "blank", row === undefined);
    const left = row ? this.context.left(row) : null;
    this.root.classList.toggle(styles.gone ?? "gone", gone || left !== null);
    this.root.toggleAttribute("data-left", left !== null);
    setText(this.left, left ?? "");
    if (!row) {
      this.shown = undefined;
      setText(this.kind, gone ? "No longer in the store" : "");
      for (const node of [
        this.message,
        this.subtitle,
        this.project,
        this.culpritPath,
        this.culpritPlace,
        this.frame,
      ]) {
        setText(node, "");
      }
      // The parts in it keep it from being empty, and what is not empty is set apart from what is before it.
      this.culprit.hidden = true;
      for (const node of [this.shortId, this.type, this.events, this.users, this.first, this.last]) {
        setText(node, "");
      }
      for (const cell of [...this.words.values(), ...this.extras.values()]) setText(cell, "");
      this.mark(false, true);
      setText(this.review, "");
      this.showBadges([]);
      this.showLabels([]);
      this.showAssignee(null);
      setAttribute(this.trendPath, "d", "");
      setAttribute(this.glyphPath, "d", "");
      setAttribute(this.root, "aria-label", gone ? "No longer in the store" : "Loading");
      return;
    }
    if (row !== this.shown) this.write(row);
    this.shown = row;
    this.showAssignee(row.assignee);
    this.tick(now);
  }

  /** Brings the relative times up to date. */
  tick(now: number): void {
    const { shown: row } = this;
    if (!row) return;
    setText(this.first, formatAge(row.first_seen, now));
    setText(this.last, formatAge(row.last_seen, now));
    const left = this.left.textContent ? `no longer in this search: ${this.left.textContent}, ` : "";
    setAttribute(this.root, "aria-label", left + rowLabel(row, now, this.context.people()));
  }

  setCursor(on: boolean): void {
    if (on) setAttribute(this.root, "data-cursor", "");
    else this.root.removeAttribute("data-cursor");
  }

  /** Cells that the keyboard can go to: the level, the issue and its columns. */
  get cellElements(): HTMLElement[] {
    return [...this.root.children].slice(1) as HTMLElement[];
  }

  /** Marks the cell that the keyboard is on; -1 for none. Answers it. */
  setCell(at: number): HTMLElement | null {
    const cell = (at < 0 ? undefined : this.cellElements[at]) ?? null;
    if (cell !== this.active) {
      this.active?.removeAttribute("data-active");
      this.active?.removeAttribute("id");
    }
    this.active = cell;
    if (!cell) return null;
    cell.dataset.active = "";
    cell.id = `${this.root.id}-cell`;
    return cell;
  }

  /** What is said of a cell. */
  tipOf(cell: HTMLElement): string | null {
    return this.shown ? cellTip(cell, this.shown) : null;
  }

  setPicked(on: boolean): void {
    setAttribute(this.root, "aria-selected", String(on));
  }

  private mark(bookmarked: boolean, seen: boolean): void {
    this.bookmark.toggleAttribute("hidden", !bookmarked);
    this.root.toggleAttribute("data-bookmarked", bookmarked);
    this.root.toggleAttribute("data-unseen", !seen);
    if (seen) this.unseen.removeAttribute("data-tip");
    else setAttribute(this.unseen, "data-tip", "Not seen yet");
  }

  private write(row: ListRow): void {
    const mark = levelMark(row.level);
    const [kind, message] = splitTitle(row.title);
    setAttribute(this.glyphPath, "d", mark.path);
    setAttribute(this.glyph, "class", `${styles.glyph} ${styles[mark.token]}`);
    setAttribute(this.glyph.parentElement as Element, "data-tip", mark.word);
    setText(this.kind, kind);
    setText(this.message, message);
    setText(this.subtitle, row.subtitle);
    // Shown where the line has no room for all of it.
    setAttribute(this.headline, "data-cut", [row.title, row.subtitle].filter(Boolean).join("\n"));
    setAttribute(this.culprit, "data-cut", row.culprit);
    setText(this.project, row.project);
    const [path, place] = splitCulprit(row.culprit);
    this.culprit.hidden = row.culprit === "";
    setText(this.culpritPath, path);
    setText(this.culpritPlace, place);
    setText(this.shortId, row.short_id);
    setText(this.type, namesItsType(row) ? "" : row.issue_type_name);
    for (const [cell, { text, tip }] of [
      [this.events, eventsWords(row)],
      [this.users, usersWords(row)],
    ] as const) {
      setText(cell, text);
      setAttribute(cell, "data-tip", tip);
    }
    this.mark(row.is_bookmarked, row.has_seen);
    setAttribute(this.trendPath, "d", trendPath(rowTrend(row).counts));
    setAttribute(this.first, "data-tip", `First seen ${formatExact(row.first_seen)}`);
    setAttribute(this.last, "data-tip", `Last seen ${formatExact(row.last_seen)}`);
    setAttribute(this.trend, "data-tip", [rowTrend(row).sum, scoreWords(row)].filter(Boolean).join(", "));
    setText(this.review, row.inbox_reason === null ? "" : "●");
    if (row.inbox_reason !== null) {
      setAttribute(this.review, "data-tip", `Waits for review, because ${inboxReason(row.inbox_reason)}`);
    }
    for (const [name, cell] of this.words) {
      const text = WORDS[name]?.(row) ?? "";
      setText(cell, text);
      // What does not fit can still be read.
      setAttribute(cell, "data-tip", text);
    }
    for (const [name, cell] of this.extras) {
      const { text, tip } = row.extras ? EXTRA_WORDS[name](row.extras) : { text: "", tip: "" };
      setText(cell, text);
      setAttribute(cell, "data-tip", tip);
    }
    const { text: frame } = row.extras ? EXTRA_WORDS.frame(row.extras) : { text: "" };
    setText(this.frame, frame);
    setAttribute(this.frame, "data-cut", frame);
    this.showBadges(badgesOf(row), row);
    this.showLabels(row.labels);
  }

  /** Read again at each filling, because names may become known after the row. */
  private showAssignee(assignee: string | null): void {
    const { assignee: cell } = this;
    if (assignee === null) {
      cell.replaceChildren();
      return;
    }
    const { name, initials } = assigneeOf(assignee, this.context.people());
    let mark = cell.firstElementChild;
    if (!mark) {
      mark = element("span", styles.initials);
      (mark as HTMLElement).dataset.testid = testIds.badge("assignee");
      cell.append(mark);
    }
    setText(mark, initials);
    setAttribute(mark, "data-value", assignee);
    setAttribute(mark, "data-tip", `Assigned to ${name}`);
  }

  private showBadges(shown: readonly BadgeText[], row?: IssueRow): void {
    const wanted = shown.map((badge) => badge.label).join(" ");
    if (this.badges.dataset.shown === wanted) return;
    this.badges.dataset.shown = wanted;
    this.badges.replaceChildren(
      ...fittingBadges(shown).map((badge) => {
        const node = element("span", `${styles.badge} ${styles[TONES[badge.tone]]}`);
        if (badge.glyph) {
          const [glyph, path] = drawing(styles.badgeGlyph, 16, 16);
          path.setAttribute("d", badge.glyph);
          node.append(glyph);
        }
        node.append(badge.label);
        node.dataset.tip = badge.meaning;
        node.dataset.testid = testIds.badge(badge.kind);
        if (row) node.dataset.value = badgeValue(badge, row);
        return node;
      }),
    );
  }

  /** The first ones as chips; how many more there are says the last. All of them are in the tip. */
  private showLabels(labels: readonly string[]): void {
    // No label has a comma in it.
    const wanted = labels.join(",");
    if (this.labels.dataset.labels === wanted) return;
    this.labels.dataset.labels = wanted;
    const shown = labels.slice(0, LABELS_SHOWN);
    const more = labels.length - shown.length;
    this.labels.replaceChildren(
      ...[...shown, ...(more > 0 ? [`+${more}`] : [])].map((text) => {
        const node = element("span", styles.labelChip);
        node.textContent = text;
        return node;
      }),
    );
    if (labels.length === 0) this.labels.removeAttribute("data-tip");
    else setAttribute(this.labels, "data-tip", `Labels: ${labels.join(", ")}`);
  }

  private describeTrend(event: PointerEvent): void {
    if (!this.shown) return;
    const box = this.trend.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const tip = [rowTrend(this.shown).at(share, Date.now()), scoreWords(this.shown)];
    setAttribute(this.trend, "data-tip", tip.filter(Boolean).join(", "));
  }
}
