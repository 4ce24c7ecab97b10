import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { preferences } from "@/app/preferences";
import type { FixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, findList, press, renderApp, rows } from "@/test/renderApp";
import { slowHost } from "@/test/slowHost";

const count = () => screen.getByTestId(testIds.resultCount);
const whole = () => waitFor(() => expect(count().dataset.counting).toBeUndefined());
const indexOfCursor = () => Number(cursorRow().dataset.index);

async function start(host: FixtureHost) {
  const app = await renderApp({ host });
  await findList();
  return app;
}

describe("what waits for the whole list", () => {
  it("does not take the place of rows that were selected meanwhile", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    press("a", { ctrlKey: true });
    expect(count().textContent).toContain("then select all");
    press("x");
    expect(count().textContent).not.toContain("then");
    press("ArrowDown", { shiftKey: true });
    await answer();
    await whole();
    expect(services.selection.count).toBe(2);
  });

  it("is given up for rows that are picked by the pointer", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    press("End");
    fireEvent.click(rows()[4]?.querySelector("[data-pick]") as HTMLElement);
    expect(services.selection.count).toBe(1);
    await answer();
    await whole();
    expect(indexOfCursor()).toBe(4);
  });

  it("does not move the cursor of somebody who decides on", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    press("End");
    const id = cursorRow().dataset.issueId as string;
    press("e");
    await waitFor(() => expect(services.inbox.list.get()?.snapshot.ids).not.toContain(id));
    await answer();
    await whole();
    expect(indexOfCursor()).toBe(0);
  });

  it("is called off by Escape before anything else is", async () => {
    const { host, answer } = slowHost();
    preferences.change({ preview: true });
    const { services } = await start(host);
    expect(screen.getByTestId(testIds.preview)).toBeDefined();
    press("a", { ctrlKey: true });
    press("Escape");
    expect(count().textContent).toBe("200+ · counting…");
    expect(screen.getByTestId(testIds.preview)).toBeDefined();
    await answer();
    await whole();
    expect(services.selection.count).toBe(0);
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.preview)).toBeNull());
  });

  it("is said where it can be seen, with the way out of it, and aloud", async () => {
    const { host } = slowHost();
    await start(host);
    press("a", { ctrlKey: true });
    expect(count().textContent).toBe("200+ · counting… then select all Esc");
    expect(
      await screen.findByText("The list is still being read. Picket will select all then, unless you go on."),
    ).toBeDefined();
  });

  it("is not for the list of another store that answers the same question", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    press("a", { ctrlKey: true });
    const list = services.inbox.list.get();
    act(() => services.inbox.clear());
    act(() => services.inbox.list.set(list));
    expect(count().textContent).toBe("200+ · counting…");
    await answer();
    await whole();
    expect(services.selection.count).toBe(0);
  });

  it("is not for the list of another question either, nor when the first one is asked again", async () => {
    const { host, answer } = slowHost();
    const { services, router } = await start(host);
    press("a", { ctrlKey: true });
    const show = (q: string) =>
      act(() => router.navigate({ to: "/inbox", search: { q, sort: "last_seen" } }));
    await show("is:resolved");
    await show("is:unresolved");
    await answer();
    await whole();
    expect(services.selection.count).toBe(0);
  });

  it("opens the export only for somebody who still waits for it", async () => {
    const { host, answer } = slowHost();
    await start(host);
    for (let i = 0; i < 3; i += 1) {
      press("x");
      press("j");
    }
    press("e", { ctrlKey: true });
    expect(count().textContent).toContain("then export");
    press("j");
    await answer();
    await whole();
    expect(screen.queryByTestId(testIds.exportDialog)).toBeNull();
    press("e", { ctrlKey: true });
    expect(await screen.findByTestId(testIds.exportDialog)).toBeDefined();
  });

  it("is no matter of an export of selected rows once the rest could not be read", async () => {
    const { host, fail } = slowHost();
    await start(host);
    for (let i = 0; i < 3; i += 1) {
      press("x");
      press("j");
    }
    await fail();
    await waitFor(() => expect(count().textContent).toContain("not counted"));
    press("e", { ctrlKey: true });
    const dialog = await screen.findByTestId(testIds.exportDialog);
    expect(dialog.textContent).toContain("3 selected. The rest of the list could not be read.");
    await waitFor(() => expect(dialog.dataset.rows).toBe("3"));
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("is forgotten where the rest cannot be read, which the count does not hide", async () => {
    const { host, answer, fail } = slowHost();
    const { services } = await start(host);
    press("a", { ctrlKey: true });
    await fail();
    await waitFor(() => expect(count().textContent).toBe("200+ · not counted"));
    expect(count().dataset.counting).toBeUndefined();
    // No row waits for an issue that does not come.
    const spacer = cursorRow().parentElement as HTMLElement;
    expect(Number.parseFloat(spacer.style.height)).toBe(200 * 44);
    press("End");
    expect(
      await screen.findByText("Picket cannot go to the last row: the other rows could not be read"),
    ).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: /again/i }));
    await waitFor(() => expect(count().textContent).toBe("200+ · counting…"));
    await answer();
    await whole();
    expect(services.selection.count).toBe(0);
    expect(indexOfCursor()).toBe(0);
  });
});
