import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { IssueChange } from "@/ipc";
import type { FixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp, rows } from "@/test/renderApp";

/** Changes an issue as another window would. */
const changeElsewhere = (host: FixtureHost, id: string, change: IssueChange) =>
  act(async () => {
    await host.bulkChange({ kind: "some", ids: [id] }, change, () => undefined);
  });

describe("a row that no longer belongs to the list", () => {
  it("stays where it is, dimmed, and says why, until the list is read again", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    press("j");
    const id = cursorRow().dataset.issueId ?? "";
    const index = cursorRow().dataset.index;
    expect(cursorRow().dataset.left).toBeUndefined();
    await changeElsewhere(host, id, { kind: "resolve" });
    await waitFor(() => expect(cursorRow().dataset.left).toBe(""));
    expect(cursorRow().dataset).toMatchObject({ issueId: id, index });
    expect(cursorRow().textContent).toContain("now resolved");
    expect(cursorRow().getAttribute("aria-label")).toMatch(/^no longer in this search: now resolved, /);
    expect(await accessibilityProblems()).toEqual([]);
    expect(rows().filter((row) => row.dataset.left !== undefined).length).toBe(1);

    await screen.findByTestId(testIds.pendingUpdates);
    press(".");
    await waitFor(() => expect(rows().some((row) => row.dataset.issueId === id)).toBe(false));
    expect(rows().some((row) => row.dataset.left !== undefined)).toBe(false);
  });

  it("is whole again once it belongs there again", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    const id = cursorRow().dataset.issueId ?? "";
    await changeElsewhere(host, id, { kind: "archive_forever" });
    await waitFor(() => expect(cursorRow().textContent).toContain("now archived forever"));
    await changeElsewhere(host, id, { kind: "unresolve" });
    await waitFor(() => expect(cursorRow().dataset.left).toBeUndefined());
    expect(cursorRow().textContent).not.toContain("now archived");
  });
});
