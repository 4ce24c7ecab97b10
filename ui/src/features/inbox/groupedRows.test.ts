import { describe, expect, it } from "vitest";
import type { IssueGroup, IssueSnapshot } from "@/ipc";
import { RowGeometry } from "@/lib/rowGeometry";
import { GROUP_HEIGHT, GroupedRows, heldSizes } from "./groupedRows";
import { groupId, groupName, withoutIssues } from "./groupings";

const ROW = 44;

/** Every row of a layout as a person would draw it, with its height. */
function drawn(sizes: number[], collapsed: ReadonlySet<number>): { what: string; height: number }[] {
  let index = 0;
  return sizes.flatMap((size, group) => {
    const first = index;
    index += size;
    const issues = Array.from({ length: size }, (_, at) => ({ what: `issue ${first + at}`, height: ROW }));
    return [{ what: `group ${group}`, height: GROUP_HEIGHT }, ...(collapsed.has(group) ? [] : issues)];
  });
}

function said(rows: GroupedRows, row: number): string {
  const at = rows.at(row);
  return at.kind === "group" ? `group ${at.group}` : `issue ${at.index}`;
}

describe("rows in groups", () => {
  it("stand where they would if each was drawn", () => {
    const cases: [number[], number[]][] = [
      [[3, 1, 2], []],
      [[3, 1, 2], [1]],
      [
        [3, 1, 2],
        [0, 1, 2],
      ],
      [[1], []],
      [
        [1, 1, 1, 1, 1],
        [0, 4],
      ],
      [[40, 2, 17], [0]],
    ];
    for (const [sizes, hidden] of cases) {
      const collapsed = new Set(hidden);
      const rows = new GroupedRows(sizes, (group) => collapsed.has(group), ROW);
      const expected = drawn(sizes, collapsed);
      expect(rows.rows).toBe(expected.length);
      let top = 0;
      expected.forEach(({ what, height }, row) => {
        expect([said(rows, row), rows.heightOf(row), rows.topOf(row)]).toEqual([what, height, top]);
        expect([rows.rowAt(top), rows.rowAt(top + height - 1)]).toEqual([row, row]);
        top += height;
      });
      expect([rows.height, rows.topOf(rows.rows)]).toEqual([top, top]);
      expect([rows.rowAt(-5), rows.rowAt(top + 500)]).toEqual([0, expected.length - 1]);
      for (let index = 0; index < rows.indexOfGroup(sizes.length); index += 1) {
        const shown = expected.findIndex(({ what }) => what === `issue ${index}`);
        const header = expected.findIndex(({ what }) => what === `group ${rows.groupOf(index)}`);
        expect(rows.rowOf(index)).toBe(shown === -1 ? header : shown);
      }
    }
  });

  it("answer at once for a million issues in ten thousand groups", () => {
    const sizes = Array.from({ length: 10_000 }, () => 100);
    const rows = new GroupedRows(sizes, (group) => group % 2 === 1, ROW);
    expect(rows.rows).toBe(10_000 + 500_000);
    const geometry = new RowGeometry(rows, 880);
    const { start, end } = geometry.visible(geometry.maxOffset);
    expect(end).toBe(rows.rows);
    expect(end - start).toBeLessThan(32);
    expect(rows.at(rows.rowOf(999_800))).toEqual({ kind: "issue", group: 9_998, index: 999_800 });
    expect(rows.at(rows.rowOf(999_999))).toEqual({ kind: "group", group: 9_999 });
    expect(geometry.offsetOfRow(geometry.topRow(12_345_678))).toBe(12_345_678);
  });

  it("cope with a list without issues, and with one that is capped", () => {
    const nothing = new GroupedRows([], () => false, ROW);
    expect([nothing.rows, nothing.height, nothing.rowAt(10)]).toEqual([0, 0, 0]);
    expect(new RowGeometry(nothing, 880).visible(0, 4)).toEqual({ start: 0, end: 0 });
    const groups = [{ issues: 5 }, { issues: 3 }, { issues: 2 }];
    expect(heldSizes(groups, 10)).toEqual([5, 3, 2]);
    expect(heldSizes(groups, 6)).toEqual([5, 1]);
    expect(heldSizes(groups, 5)).toEqual([5]);
  });
});

describe("groups", () => {
  const group = (key: string | null, issues: number, events: number, stands_for: number | null = null) =>
    ({ key, stands_for, issues, events }) satisfies IssueGroup;

  it("are called what their issues have in common", () => {
    const people = { me: null, users: [], teams: [{ id: "3", slug: "core", members: [] }] };
    const name = (
      key: string | null,
      by: Parameters<typeof groupName>[1],
      stands_for: number | null = null,
    ) => groupName(group(key, 1, 1, stands_for), by, people as never);
    expect(name("fatal", "level")).toBe("fatal");
    expect(name("team:3", "assignee")).toBe("#core");
    expect(name(null, "assignee")).toBe("Nobody");
    expect(name(null, "release")).toBe("No release");
    expect(name("2026-11-20", "first_seen_day")).toMatch(/20.*2026|2026.*20/);
    expect(name(null, "error_type", 40_001)).toBe("40\u202f001 more error types");
    expect(new Set([group("none", 1, 1), group(null, 1, 1), group(null, 1, 1, 2)].map(groupId)).size).toBe(3);
  });

  it("know what is left of them without some issues", () => {
    const snapshot: IssueSnapshot = {
      revision: "7",
      total: 5,
      ids: ["a", "b", "c", "d", "e"],
      groups: [group("x", 2, 30), group("y", 1, 5), group(null, 2, 9)],
      list: null,
      took_ms: 1,
    };
    const events: Record<string, number> = { a: 10, c: 5, e: 4 };
    const left = withoutIssues(snapshot, new Set(["a", "c", "e"]), (id) => events[id]);
    expect(left).toMatchObject({ total: 2, ids: ["b", "d"] });
    expect(left?.groups).toEqual([group("x", 1, 20), group(null, 1, 5)]);
    expect(withoutIssues(snapshot, new Set(["b"]), (id) => events[id])).toBeNull();
    const flat = { ...snapshot, groups: [] };
    expect(withoutIssues(flat, new Set(["b"]), () => undefined)).toMatchObject({ total: 4, groups: [] });
  });
});
