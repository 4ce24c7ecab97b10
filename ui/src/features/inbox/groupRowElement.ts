import { testIds } from "@/lib/testIds";
import own from "./GroupRow.module.css";
import styles from "./IssueGrid.module.css";
import { TREND, trendHour, trendPath, trendSum } from "./trend";

const SVG = "http://www.w3.org/2000/svg";

/** Which issues of a group are selected. */
export type GroupPick = "none" | "some" | "all";

/** What a header shows. */
export interface GroupShown {
  /** Place among the groups. */
  group: number;
  id: string;
  name: string;
  /** Issues and events. */
  size: string;
  /** Why it has no trend; null where it has one, now or soon. */
  noTrend: string | null;
  collapsed: boolean;
}

function part(className: string | undefined, role?: string): HTMLElement {
  const node = document.createElement("span");
  if (className) node.className = className;
  if (role) node.setAttribute("role", role);
  return node;
}

function drawn(className: string | undefined, width = 16, height = 16): [SVGSVGElement, SVGPathElement] {
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

/** One pooled header of a group. Names are written by whoever sends events, so they go through `textContent`. */
export class GroupRowElement {
  readonly root = document.createElement("div");
  /** Row of the list this element stands for now; -1 while unused. */
  row = -1;
  private readonly box = part(styles.box, "checkbox");
  private readonly tick: SVGPathElement;
  private readonly name = part(own.groupName);
  private readonly size = part(own.groupSize);
  /** What lately happened in the whole group. */
  private readonly trendCell = part(own.groupTrend, "gridcell");
  private readonly trend: SVGSVGElement;
  private readonly trendPath: SVGPathElement;
  private shownTrend: readonly number[] | undefined;
  private noTrend: string | null = null;

  constructor() {
    const { root, box, name, size } = this;
    root.className = `${styles.row} ${own.group}`;
    root.setAttribute("role", "row");
    root.setAttribute("aria-level", "1");
    root.dataset.testid = testIds.issueGroup;
    const [tick, tickPath] = drawn(styles.tick);
    this.tick = tickPath;
    box.append(tick);
    const pick = part(styles.pick, "gridcell");
    pick.dataset.pick = "";
    pick.append(box);
    const [chevron, chevronPath] = drawn(own.chevron);
    chevronPath.setAttribute("d", "M6 4l4 4-4 4");
    const head = part(own.groupHead, "gridcell");
    head.append(chevron, name, size);
    [this.trend, this.trendPath] = drawn(styles.trend, TREND.width, TREND.height);
    this.trend.addEventListener("pointermove", (event) => this.describeHour(event));
    this.trendCell.append(this.trend);
    root.append(pick, head, this.trendCell);
  }

  /** Stands for a header. `rowIndex`: its place among all rows, collapsed ones too. */
  fill(row: number, rowIndex: number, shown: GroupShown): void {
    const { root } = this;
    this.row = row;
    root.id = `issue-group-${shown.group}`;
    root.dataset.group = String(shown.group);
    root.dataset.groupId = shown.id;
    root.setAttribute("aria-rowindex", String(rowIndex));
    root.setAttribute("aria-expanded", String(!shown.collapsed));
    root.setAttribute("aria-label", `${shown.name}, ${shown.size.replace(" · ", ", ")}`);
    this.box.setAttribute("aria-label", `Select the group ${shown.name}`);
    if (this.name.textContent !== shown.name) this.name.textContent = shown.name;
    this.name.dataset.tip = shown.name;
    if (this.size.textContent !== shown.size) this.size.textContent = shown.size;
    this.noTrend = shown.noTrend;
    this.describeTrend();
  }

  /** Shows the sum of the trends of its issues; nothing while it is not known. */
  setTrend(trend: readonly number[] | undefined): void {
    if (trend === this.shownTrend) return;
    this.shownTrend = trend;
    this.trendPath.setAttribute("d", trend ? trendPath(trend) : "");
    this.describeTrend();
  }

  private describeTrend(): void {
    const words = this.shownTrend ? trendSum(this.shownTrend) : this.noTrend;
    if (words === null) {
      this.trendCell.removeAttribute("aria-label");
      delete this.trend.dataset.tip;
    } else {
      this.trendCell.setAttribute("aria-label", words);
      this.trend.dataset.tip = words;
    }
  }

  private describeHour(event: PointerEvent): void {
    if (!this.shownTrend) return;
    const box = this.trend.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    this.trend.dataset.tip = trendHour(this.shownTrend, share, Date.now());
  }

  setCursor(on: boolean): void {
    this.root.toggleAttribute("data-cursor", on);
  }

  setPicked(picked: GroupPick): void {
    this.root.setAttribute("aria-selected", String(picked === "all"));
    this.box.setAttribute("aria-checked", { none: "false", some: "mixed", all: "true" }[picked]);
    this.tick.setAttribute("d", picked === "some" ? "M3 8h10" : "M3 8.5 6.5 12 13 4.5");
  }
}
