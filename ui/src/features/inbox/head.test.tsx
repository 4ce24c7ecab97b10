import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { createFixtureHost, type FixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { cursorRow, findList, NOW, press, renderApp, rows, topOf } from "@/test/renderApp";
import { slowHost } from "@/test/slowHost";

const start = (host: FixtureHost) => renderApp({ host });
const count = () => screen.getByTestId(testIds.resultCount);
const whole = () => waitFor(() => expect(count().dataset.counting).toBeUndefined());
const indexOfCursor = () => Number(cursorRow().dataset.index);

describe("a list that is still being read", () => {
  it("shows its first rows, and says that it counts", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    const list = await findList();
    expect(count().textContent).toBe("200+ · counting…");
    expect(list.getAttribute("aria-rowcount")).toBe("-1");
    expect(screen.getByText(/^200\+ issues/)).toBeDefined();

    await answer();
    await whole();
    const total = services.inbox.list.get()?.snapshot.total ?? 0;
    expect(total).toBeGreaterThan(200);
    expect(count().dataset.total).toBe(String(total));
    expect(list.getAttribute("aria-rowcount")).toBe(String(total + 1));
  });

  it("keeps its rows, their elements and the cursor when the rest comes", async () => {
    const { host, answer } = slowHost();
    await start(host);
    const list = await findList();
    for (let i = 0; i < 30; i += 1) press("j");
    const before = rows().map((row) => [row, row.dataset.issueId, row.textContent, topOf(row)] as const);
    const scroller = cursorRow().parentElement?.parentElement as HTMLElement;
    const { scrollTop } = scroller;
    const cursor = cursorRow();
    const asked: string[][] = [];
    const { issueRows } = host;
    host.issueRows = (ids) => {
      asked.push(ids);
      return issueRows(ids);
    };

    await answer();
    await whole();
    expect(rows().map((row) => [row, row.dataset.issueId, row.textContent, topOf(row)])).toEqual(before);
    expect(cursorRow()).toBe(cursor);
    expect(indexOfCursor()).toBe(30);
    expect(scroller.scrollTop).toBe(scrollTop);
    expect(list.querySelectorAll("[data-cursor]").length).toBe(1);
    // They were read with the first rows; nothing has changed since.
    const known = new Set(before.map(([, id]) => id));
    expect(asked.flat().some((id) => known.has(id))).toBe(false);
  });

  it("does not go back to a cursor that the user has scrolled away from", async () => {
    const { host, answer } = slowHost();
    await start(host);
    await findList();
    const issue = cursorRow().dataset.issueId;
    const scroller = cursorRow().parentElement?.parentElement as HTMLElement;
    scroller.scrollTop = 120 * 44;
    fireEvent.scroll(scroller);
    await act(() => new Promise<void>((resolve) => requestAnimationFrame(() => resolve())));
    const drawn = () =>
      rows()
        .map((row) => Number(row.dataset.index))
        .sort((a, b) => a - b);
    const before = drawn();
    expect(before).toContain(121);
    await answer();
    await whole();
    expect(scroller.scrollTop).toBe(120 * 44);
    expect(drawn()).toEqual(before);
    // The next step is from where the cursor is, and shows it.
    press("j");
    expect(indexOfCursor()).toBe(1);
    press("k");
    expect(cursorRow().dataset.issueId).toBe(issue);
  });

  it("is as long as its view was counted, with rows that wait, until it is known how long it is", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    await findList();
    const scroller = cursorRow().parentElement?.parentElement as HTMLElement;
    const height = () => Number.parseFloat((scroller.firstElementChild as HTMLElement).style.height) / 44;
    await waitFor(() => expect(height()).toBeGreaterThan(200));
    const counted = height();
    scroller.scrollTop = 300 * 44;
    fireEvent.scroll(scroller);
    await act(() => new Promise<void>((resolve) => requestAnimationFrame(() => resolve())));
    const at = (index: number) => rows().find((row) => row.dataset.index === String(index)) as HTMLElement;
    expect(at(305).getAttribute("aria-label")).toBe("Loading");
    // No separator stands before what is not there yet.
    expect(at(305).querySelector<HTMLElement>("[class*='culprit']")?.hidden).toBe(true);
    // There is nothing in it yet that could be opened or picked.
    fireEvent.click(at(305).querySelector("[data-pick]") as HTMLElement);
    expect(services.selection.count).toBe(0);
    expect(scroller.scrollTop).toBe(300 * 44);
    await answer();
    await whole();
    const ids = services.inbox.list.get()?.snapshot.ids ?? [];
    expect(counted).toBe(ids.length);
    expect(scroller.scrollTop).toBe(300 * 44);
    expect(at(305).dataset.issueId).toBe(ids[305]);
    await waitFor(() => expect(at(305).getAttribute("aria-label")).not.toBe("Loading"));
    expect(indexOfCursor()).toBe(0);
  });

  it("goes to its end once there is one, and says so until then", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    await findList();
    press("End");
    expect(indexOfCursor()).toBe(0);
    expect(count().textContent).toContain("counting… then go to the last row");
    await answer();
    await whole();
    const { ids } = services.inbox.list.get()?.snapshot ?? { ids: [] };
    await waitFor(() => expect(indexOfCursor()).toBe(ids.length - 1));
    expect(count().textContent).not.toContain("then");
  });

  it("goes nowhere for somebody who went on meanwhile", async () => {
    const { host, answer } = slowHost();
    await start(host);
    await findList();
    press("End");
    press("j");
    expect(count().textContent).toBe("200+ · counting…");
    await answer();
    await whole();
    expect(indexOfCursor()).toBe(1);
  });

  it("selects all of it, and not the first rows", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    await findList();
    press("a", { ctrlKey: true });
    expect(services.selection.count).toBe(0);
    expect(count().textContent).toContain("then select all");
    await answer();
    await whole();
    await waitFor(() => expect(services.selection.count).toBe(Number(count().dataset.total)));
  });

  it("opens the way to a row as soon as all are there", async () => {
    const { host, answer } = slowHost();
    await start(host);
    await findList();
    press("g", { ctrlKey: true });
    expect(screen.queryByTestId(testIds.goToInput)).toBeNull();
    await answer();
    expect(await screen.findByTestId(testIds.goToInput)).toBeDefined();
  });

  it("takes out what was put away, and does not bring it back", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    await findList();
    const id = cursorRow().dataset.issueId as string;
    press("e");
    await waitFor(() => expect(services.inbox.list.get()?.snapshot.ids).not.toContain(id));
    expect(count().textContent).toContain("199+");
    await answer();
    await whole();
    expect(services.inbox.list.get()?.snapshot.ids).not.toContain(id);
  });

  it("is read on while one of its issues is open", async () => {
    const { host, answer } = slowHost();
    const { services } = await start(host);
    await findList();
    press("j");
    press("Enter");
    expect(await screen.findByText("2 of 200+")).toBeDefined();
    await answer();
    await waitFor(() => expect(services.inbox.list.get()?.isHead).toBeUndefined());
    expect(screen.queryByText("2 of 200+")).toBeNull();
    expect(screen.getByText(/^2 of /)).toBeDefined();
  });
});

describe("the beginning of a list", () => {
  it("is withdrawn with the list, and nothing of it is shown after another question", async () => {
    const { host, answer, withdrawn } = slowHost();
    const { issueHead } = host;
    const heads: string[] = [];
    host.issueHead = async (query, sort, signal) => {
      if (query !== "is:unresolved") return issueHead(query, sort);
      await new Promise<void>((_, reject) => {
        signal?.addEventListener("abort", () => {
          heads.push(query);
          reject(new Error("withdrawn"));
        });
      });
      return null;
    };
    const { router, services } = await start(host);
    await act(() => router.navigate({ to: "/inbox", search: { q: "is:resolved", sort: "last_seen" } }));
    await findList();
    expect(withdrawn).toEqual(["is:unresolved"]);
    expect(heads).toEqual(["is:unresolved"]);
    expect(services.inbox.list.get()?.query).toBe("is:resolved");
    await answer();
    await whole();
    expect(services.inbox.list.get()?.query).toBe("is:resolved");
  });

  it("is withdrawn where the list was faster", async () => {
    const host = createFixtureHost({ issues: 2_000, now: () => NOW });
    const withdrawn: string[] = [];
    host.issueHead = (query, _sort, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => {
          withdrawn.push(query);
          reject(new Error("withdrawn"));
        });
      });
    await start(host);
    await findList();
    await whole();
    await waitFor(() => expect(withdrawn).toEqual(["is:unresolved"]));
  });

  it("is not asked for in groups, nor when a list is read anew", async () => {
    const host = createFixtureHost({ issues: 2_000, now: () => NOW });
    const asked: string[] = [];
    const { issueHead } = host;
    host.issueHead = (query, sort, signal) => {
      asked.push(query);
      return issueHead(query, sort, signal);
    };
    const { router, services } = await renderApp({ host, at: "/inbox?q=is:unresolved&group=project" });
    await findList();
    expect(asked).toEqual([]);
    await act(() => router.navigate({ to: "/inbox", search: { q: "", sort: "last_seen" } }));
    await waitFor(() => expect(services.inbox.list.get()?.query).toBe(""));
    const before = asked.length;
    const known = services.inbox.list.get();
    const { queries } = services;
    await act(() => queries.invalidateQueries({ queryKey: ["issues"] }));
    await waitFor(() => expect(services.inbox.list.get()).not.toBe(known));
    expect(asked.length).toBe(before);
  });

  it("is shown only where the cursor stays on its issue in it", async () => {
    const { host, answer } = slowHost();
    const { router, services } = await start(host);
    await findList();
    await answer();
    await whole();
    for (let i = 0; i < 5; i += 1) press("j");
    const issue = cursorRow().dataset.issueId ?? "";
    const shown = () => services.inbox.list.get();
    const show = async (q: string, sort: string) => {
      await act(() => router.navigate({ to: "/inbox", search: { q, sort } }));
      await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    };
    // Among all issues it is still one of the last seen.
    await show("", "last_seen");
    expect(shown()).toMatchObject({ query: "", isHead: true });
    expect(cursorRow().dataset.issueId).toBe(issue);
    await answer();
    await whole();
    expect(cursorRow().dataset.issueId).toBe(issue);

    // In another order it is far down, which only the whole list knows.
    const turned = "last_seen:asc";
    await show("", turned);
    expect(shown()?.sort).toBe("last_seen");
    await answer();
    await waitFor(() => expect(shown()?.sort).toBe(turned));
    expect(cursorRow().dataset.issueId).toBe(issue);
    expect(indexOfCursor()).toBeGreaterThan(200);
  });

  it("is shown with the next row where the issue is no longer found", async () => {
    const { host, answer } = slowHost();
    const { router, services } = await start(host);
    await findList();
    await answer();
    await whole();
    for (let i = 0; i < 5; i += 1) press("j");
    const issue = cursorRow().dataset.issueId ?? "";
    const { ids } = await createFixtureHost({ issues: 2_000, now: () => NOW }).issueSnapshot("", "last_seen");
    const query = `is:unresolved !issue:${(await host.issueRows([issue]))[0]?.short_id}`;
    await act(() => router.navigate({ to: "/inbox", search: { q: query, sort: "last_seen" } }));
    await waitFor(() => expect(services.inbox.list.get()).toMatchObject({ query, isHead: true }));
    const next = cursorRow().dataset.issueId ?? "";
    expect(ids.indexOf(next)).toBeGreaterThan(ids.indexOf(issue));
    await answer();
    await whole();
    expect(cursorRow().dataset.issueId).toBe(next);
  });

  it("is not shown where the cursor is further down", async () => {
    const { host, answer } = slowHost();
    const { ids } = await createFixtureHost({ issues: 2_000, now: () => NOW }).issueSnapshot(
      "is:unresolved",
      "last_seen",
    );
    const issue = ids[500] as string;
    const place = { href: "/inbox", q: "is:unresolved", sort: "last_seen", issue, index: 500, topRow: 495 };
    const { services } = await renderApp({ host, place });
    await waitFor(() => expect(host.store.size).toBeGreaterThan(0));
    await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
    expect(services.inbox.list.get()).toBeNull();
    await answer();
    await findList();
    expect(cursorRow().dataset.issueId).toBe(issue);
    expect(indexOfCursor()).toBe(500);
  });
});
