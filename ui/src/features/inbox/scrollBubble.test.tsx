import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SORTS } from "@/app/order";
import { formatCount } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { findList, NOW, renderApp, rows } from "@/test/renderApp";
import { bubbleText, sortValue } from "./scrollBubble";

const bubble = () => screen.getByTestId(testIds.scrollBubble);
const scroller = () => rows()[0]?.parentElement?.parentElement as HTMLElement;

async function scrollTo(top: number): Promise<void> {
  scroller().scrollTop = top;
  fireEvent.scroll(scroller());
  await act(() => new Promise<void>((resolve) => requestAnimationFrame(() => resolve())));
}

describe("the bubble beside the scrollbar", () => {
  it("says where the list is while it is scrolled fast, and then goes", async () => {
    const { host } = await renderApp({ at: "/inbox?q=&sort=events" });
    await findList();
    const { ids } = await host.issueSnapshot("", "events");
    await scrollTo(44);
    expect(bubble().hidden).toBe(true);
    await scrollTo(44 * 1_000);
    expect(bubble().hidden).toBe(false);
    const [row] = await host.issueRows([ids[1_000] as string]);
    // The value follows as soon as the row is read.
    await waitFor(() =>
      expect(bubble().textContent).toBe(
        `${formatCount(row?.times_seen ?? 0)} events · row ${formatCount(1_001)}`,
      ),
    );
    await waitFor(() => expect(bubble().hidden).toBe(true));
  });

  it("has words for whatever a list is sorted by", async () => {
    const { host } = await renderApp({ at: "/inbox?q=&sort=events" });
    await findList();
    const [row] = await host.issueRows([rows()[0]?.dataset.issueId ?? ""]);
    if (!row) throw new Error("no row");
    // What these sort by stands in no row, and in a row with its columns.
    const inColumns = ["environment", "first_release", "last_release"] as const;
    for (const by of SORTS) {
      const value = sortValue(row, { by, ascending: false }, NOW);
      expect([by, value === ""]).toEqual([by, ["trends", ...inColumns].includes(by)]);
    }
    const question = { query: "", sort: "events" as const, columns: inColumns };
    const [extras] = await host.issueExtras([row.id], "", "events", [...inColumns]);
    if (!extras) throw new Error("no extras");
    for (const by of inColumns)
      expect(sortValue({ ...row, extras, question }, { by, ascending: false }, NOW), by).not.toBe("");
    expect(bubbleText("", 6)).toBe("row 7");
  });
});
