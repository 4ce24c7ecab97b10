import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp } from "@/test/renderApp";

const LOCKED = "The store picket.db is in use by another Picket. Close the other window.";

describe("a store that another Picket writes to", () => {
  it("says why nothing can be changed, until the other one is gone", async () => {
    const { host } = await renderApp({ readOnly: LOCKED });
    await findList();
    const notice = await screen.findByTestId(testIds.storeNotice);
    expect(notice.textContent).toContain(LOCKED);
    expect(await accessibilityProblems()).toEqual([]);
    const id = cursorRow().dataset.issueId ?? "";
    press("e");
    expect((await host.issueRows([id]))[0]?.status).toBe("unresolved");

    act(() => host.unlock());
    await waitFor(() => expect(screen.queryByTestId(testIds.storeNotice)).toBeNull());
    press("e");
    await waitFor(async () => expect((await host.issueRows([id]))[0]?.status).toBe("resolved"));
  });

  it("says nothing where everything works", async () => {
    await renderApp();
    await findList();
    expect(screen.queryByTestId(testIds.storeNotice)).toBeNull();
  });
});
