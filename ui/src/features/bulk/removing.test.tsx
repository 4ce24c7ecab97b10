import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { HostError } from "@/ipc";
import { formatCount, formatExact, plural } from "@/lib/format";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { cursorRow, press, rows } from "@/test/renderApp";
import { ids, openList, selectedIds, toast } from "@/test/selection";

/** Has everything selected deleted, and waits until that is under way. */
async function deleteAll(total: number) {
  press("Delete");
  const dialog = await screen.findByTestId(testIds.removeDialog);
  await waitFor(() => expect(dialog.dataset.count).toBe(String(total)));
  fireEvent.change(screen.getByTestId(testIds.remove("number")), { target: { value: String(total) } });
  fireEvent.click(screen.getByTestId(testIds.remove("confirm")));
}

describe("a delete that goes on for a while", () => {
  const said = () => screen.queryAllByTestId(testIds.toast).map(({ textContent }) => textContent);
  /** Rows on screen are read again, as when the store says that it has changed. */
  const look = (app: Awaited<ReturnType<typeof openList>>, some: readonly string[]) =>
    act(() => app.services.rows.refresh(some));

  it("leaves nothing selected, and says nothing of issues that it removes itself", async () => {
    const app = await openList("is:unresolved", { issues: 4_000 });
    const { host, services } = app;
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    host.bulk.chunkDelayMs = 400;
    press("a", { ctrlKey: true });
    const shown = ids();
    await deleteAll(total);
    await screen.findByTestId(testIds.selection("progress"));
    await waitFor(async () => {
      await look(app, shown);
      expect(services.selection.count).toBeLessThan(total);
    });
    host.bulk.chunkDelayMs = 0;
    await waitFor(() => expect(said().join()).toMatch(/Deleted [\d\u202f]+ issues/), { timeout: 3_000 });
    expect(services.selection.count).toBe(0);
    await look(app, shown);
    expect(said().join()).not.toContain("no longer in the store");
    press("z", { ctrlKey: true });
    await waitFor(async () =>
      expect((await host.issueSnapshot("is:unresolved", "events")).total).toBe(total),
    );
    expect(services.selection.count).toBe(0);
  });

  it("leaves selected what it did not come to where it is stopped", async () => {
    const { host, services } = await openList("is:unresolved", { issues: 4_000 });
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    host.bulk.chunkDelayMs = 400;
    press("a", { ctrlKey: true });
    await deleteAll(total);
    fireEvent.click(await screen.findByTestId(testIds.selection("cancel")));
    await waitFor(() => expect(said().join()).toContain("Stopped"));
    const left = await host.issueSnapshot("is:unresolved", "events");
    expect(left.total).toBeLessThan(total);
    expect(services.selection.count).toBe(left.total);
    expect(left.ids.every((id) => services.selection.has(id))).toBe(true);
  });

  it("leaves alone what was selected meanwhile in another list", async () => {
    const { host, services, router } = await openList("is:unresolved", { issues: 4_000 });
    const { total } = await host.issueSnapshot("is:unresolved", "events");
    const resolved = (await host.issueSnapshot("is:resolved", "events")).total;
    host.bulk.chunkDelayMs = 400;
    press("a", { ctrlKey: true });
    await deleteAll(total);
    await screen.findByTestId(testIds.selection("progress"));
    await act(() => router.navigate({ to: "/inbox", search: { q: "is:resolved", sort: "events" } }));
    await waitFor(() => expect(services.inbox.list.get()?.snapshot.total).toBe(resolved));
    press("a", { ctrlKey: true });
    const chosen = services.selection.picked.get();
    expect(services.selection.count).toBe(resolved);
    await waitFor(() => expect(said().join()).toMatch(/Deleted [\d\u202f]+ issues/), { timeout: 5_000 });
    expect(services.selection.picked.get()).toBe(chosen);
  });
});

describe("deleting", () => {
  it("says exactly what goes, starts on Cancel, and can be undone", async () => {
    const { host } = await openList();
    const id = cursorRow().dataset.issueId ?? "";
    const [row] = await host.issueRows([id]);
    press("#");
    const dialog = await screen.findByTestId(testIds.removeDialog);
    await waitFor(() => expect(dialog.dataset.count).toBe("1"));
    expect(dialog.textContent).toContain(row?.short_id);
    expect(dialog.textContent).toContain("For 1 hour this can be undone");
    expect(screen.queryByTestId(testIds.remove("number"))).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(testIds.remove("cancel"))));
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(screen.getByTestId(testIds.remove("confirm")));
    const said = await toast();
    expect(said.textContent).toContain("Deleted");
    expect(await host.issueRows([id])).toEqual([]);
    await waitFor(() => expect(ids()).not.toContain(id));
    fireEvent.click(within(said).getByTestId(testIds.toastAction));
    await waitFor(async () => expect((await host.issueRows([id]))[0]?.id).toBe(id));
    await waitFor(() => expect(ids()[0]).toBe(id));
    await waitFor(() => expect(rows()[0]?.textContent).toContain(row?.short_id));
  });

  it("wants the number typed above a hundred, and only the exact one", async () => {
    const { host } = await openList("is:resolved");
    const { total } = await host.issueSnapshot("is:resolved", "events");
    expect(total).toBeGreaterThan(100);
    press("a", { ctrlKey: true });
    press("Delete");
    const number = await screen.findByTestId(testIds.remove("number"));
    await waitFor(() => expect(document.activeElement).toBe(number));
    const confirm = screen.getByTestId(testIds.remove("confirm")) as HTMLButtonElement;
    await waitFor(() => expect(screen.getByTestId(testIds.removeDialog).dataset.count).toBe(String(total)));
    expect(confirm.disabled).toBe(true);
    fireEvent.change(number, { target: { value: String(total - 1) } });
    expect(confirm.disabled).toBe(true);
    fireEvent.change(number, { target: { value: String(total) } });
    expect(confirm.disabled).toBe(false);
    // Enter alone sends the form of a field; here it is held back, also in the box beside it.
    expect(fireEvent.keyDown(number, { key: "Enter" })).toBe(false);
    const box = screen.getByTestId(testIds.remove("discard"));
    expect(fireEvent.keyDown(box, { key: "Enter" })).toBe(false);
    expect(screen.getByTestId(testIds.removeDialog)).toBeTruthy();
    expect((await host.issueSnapshot("is:resolved", "events")).total).toBe(total);
    fireEvent.keyDown(number, { key: "Enter", ctrlKey: true });
    await waitFor(async () => expect((await host.issueSnapshot("is:resolved", "events")).total).toBe(0));
    await waitFor(() => expect(screen.queryByTestId(testIds.removeDialog)).toBeNull());
  });

  it("says what dropped out of a selection, and asks about the rest only", async () => {
    const { host } = await openList("is:unresolved", { issues: 200 });
    const { total, ids: open } = await host.issueSnapshot("is:unresolved", "events");
    press("a", { ctrlKey: true });
    await host.bulkChange({ kind: "some", ids: open.slice(0, 2) }, { kind: "resolve" }, () => undefined);
    await host.bulkChange(
      { kind: "some", ids: open.slice(2, 3) },
      { kind: "delete", discard: false },
      () => undefined,
    );
    press("#");
    const dialog = await screen.findByTestId(testIds.removeDialog);
    await waitFor(() => expect(dialog.dataset.count).toBe(String(total - 3)));
    expect(dialog.textContent).toContain(`2 of ${total} were resolved meanwhile: left out.`);
    expect(dialog.textContent).toContain("1 is no longer in the store: left out.");
    const rest = open.slice(3);
    const rows = (
      await Promise.all([0, 1].map((part) => host.issueRows(rest.slice(part * 100, part * 100 + 100))))
    ).flat();
    expect(rows.length).toBe(total - 3);
    const newest = formatExact(Math.max(...rows.map((row) => row.last_seen)));
    const oldest = formatExact(Math.min(...rows.map((row) => row.first_seen)));
    expect(dialog.textContent).toContain(`newest: ${newest} · oldest: ${oldest}`);
    const unread = rows.filter((row) => !row.has_seen).length;
    expect(dialog.textContent).toContain(`${unread} of them were never read`);
    expect(dialog.textContent).toContain(`(${total - 3} ignore rules)`);
  });

  it("cannot be pressed before the numbers are there, and names a failure to count", async () => {
    const { host } = await openList();
    const { selectionSummary } = host;
    let refuse: (error: Error) => void = () => undefined;
    host.selectionSummary = () => new Promise((_, reject) => (refuse = reject));
    press("#");
    const confirm = (await screen.findByTestId(testIds.remove("confirm"))) as HTMLButtonElement;
    expect(confirm.disabled).toBe(true);
    refuse(new HostError({ code: "store_unavailable", message: "Away.", detail: null, retryable: true }));
    const retry = await screen.findByRole("button", { name: "Try again" });
    expect(confirm.disabled).toBe(true);
    host.selectionSummary = selectionSummary;
    fireEvent.click(retry);
    await waitFor(() => expect(confirm.disabled).toBe(false));
    press("Escape");
    await waitFor(() => expect(screen.queryByTestId(testIds.removeDialog)).toBeNull());
  });

  it("passes on that the like is dropped from now on", async () => {
    const { host } = await openList();
    const { bulkChange } = host;
    const asked: unknown[] = [];
    host.bulkChange = (selection, change, onProgress) => {
      asked.push(change);
      return bulkChange(selection, change, onProgress);
    };
    press("#");
    fireEvent.click(await screen.findByTestId(testIds.remove("discard")));
    const confirm = screen.getByTestId(testIds.remove("confirm")) as HTMLButtonElement;
    await waitFor(() => expect(confirm.disabled).toBe(false));
    fireEvent.click(confirm);
    await toast();
    expect(asked).toEqual([{ kind: "delete", discard: true }]);
  });

  it("leaves the screen of an issue that is no more", async () => {
    const { router } = await openList();
    press("Enter");
    await screen.findByTestId(testIds.issueHeader);
    press("#");
    const confirm = (await screen.findByTestId(testIds.remove("confirm"))) as HTMLButtonElement;
    await waitFor(() => expect(confirm.disabled).toBe(false));
    fireEvent.click(confirm);
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox"));
  });
});

describe("merging", () => {
  it("makes one issue of several, the one with the most events, and splits it again", async () => {
    const { host } = await openList("project:identity is:unresolved");
    press("x");
    press("J", { shiftKey: true });
    press("J", { shiftKey: true });
    const chosen = selectedIds();
    const before = await host.issueRows(chosen);
    press("M", { shiftKey: true });
    const dialog = await screen.findByTestId(testIds.removeDialog);
    expect(dialog.dataset.kind).toBe("merge");
    await waitFor(() =>
      expect(dialog.textContent).toContain(`They become one issue, ${before[0]?.short_id}`),
    );
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(screen.getByTestId(testIds.remove("confirm")));
    const said = await toast();
    expect(said.textContent).toContain("Merged 3 issues into one");
    const [merged, ...others] = await host.issueRows(chosen);
    expect(others).toEqual([]);
    expect(merged?.times_seen).toBe(before.reduce((sum, row) => sum + row.times_seen, 0));
    expect(merged?.merged).toBe(2);
    const row = rows().find((one) => one.dataset.issueId === merged?.id) as HTMLElement;
    await waitFor(() =>
      expect(within(row).getByTestId(testIds.badge("merged")).textContent).toBe("Merged ×2"),
    );
    fireEvent.click(within(said).getByTestId(testIds.toastAction));
    await waitFor(async () =>
      expect((await host.issueRows(chosen)).map((row) => row.times_seen)).toEqual(
        before.map((row) => row.times_seen),
      ),
    );
  });

  it("keeps the issue that is chosen, and says what it will have", async () => {
    const { host } = await openList("project:identity is:unresolved");
    press("x");
    press("J", { shiftKey: true });
    press("J", { shiftKey: true });
    const chosen = selectedIds();
    const before = await host.issueRows(chosen);
    press("M", { shiftKey: true });
    const boxes = async () => (await screen.findAllByTestId(testIds.mergeInto)) as HTMLInputElement[];
    await waitFor(async () => expect((await boxes()).length).toBe(3));
    const [first, , third] = await boxes();
    expect(first?.checked).toBe(true);
    fireEvent.click(third as HTMLInputElement);
    const wanted = third?.dataset.issueId ?? "";
    const events = before.reduce((sum, row) => sum + row.times_seen, 0);
    const name = before.find((row) => row.id === wanted)?.short_id;
    const result = screen.getByTestId(testIds.mergeResult).textContent;
    expect(result).toContain(`They become one issue, ${name}. It will have ${plural(events, "event")}`);
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.click(screen.getByTestId(testIds.remove("confirm")));
    await toast();
    const left = await host.issueRows(chosen);
    expect(left.map((row) => [row.id, row.times_seen])).toEqual([[wanted, events]]);
  });

  it("of very many shows those with the most events", async () => {
    const { host } = await openList("project:identity is:resolved");
    press("a", { ctrlKey: true });
    press("M", { shiftKey: true });
    await waitFor(() => expect(screen.getAllByTestId(testIds.mergeInto).length).toBe(3));
    const { total } = await host.issueSnapshot("project:identity is:resolved", "events");
    expect(screen.getByTestId(testIds.removeDialog).textContent).toContain(
      `… and ${formatCount(total - 3)} more with fewer events`,
    );
    expect(screen.getByTestId(testIds.mergeResult).textContent).toContain("stored occurrences");
  });

  it("says why issues of several projects cannot become one", async () => {
    const { host } = await openList();
    press("x");
    press("J", { shiftKey: true });
    press("J", { shiftKey: true });
    const projects = new Set((await host.issueRows(selectedIds())).map((row) => row.project));
    expect(projects.size).toBeGreaterThan(1);
    press("M", { shiftKey: true });
    const dialog = await screen.findByTestId(testIds.removeDialog);
    await waitFor(() => expect(dialog.textContent).toContain(`They belong to ${projects.size} projects`));
    expect(screen.queryByTestId(testIds.mergeTable)).toBeNull();
    const confirm = screen.getByTestId(testIds.remove("confirm")) as HTMLButtonElement;
    await waitFor(() => expect(dialog.dataset.count).toBe("3"));
    expect(confirm.disabled).toBe(true);
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("asks for no number where nothing can be merged", async () => {
    await openList("is:resolved");
    press("a", { ctrlKey: true });
    press("M", { shiftKey: true });
    const dialog = await screen.findByTestId(testIds.removeDialog);
    await waitFor(() => expect(dialog.textContent).toMatch(/They belong to \d+ projects/));
    expect(screen.queryByTestId(testIds.remove("number"))).toBeNull();
    expect(document.activeElement).toBe(screen.getByTestId(testIds.remove("cancel")));
  });
});
