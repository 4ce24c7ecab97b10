import { createMemoryHistory } from "@tanstack/react-router";
import { afterEach, expect, it, vi } from "vitest";
import { ViewDrafts } from "@/features/views/drafts";
import type { SavedView } from "@/ipc";
import { createFixtureHost } from "@/ipc/fixture";
import { createAppRouter } from "./router";
import { goLate, listHref, soon, startView } from "./viewPlace";

afterEach(() => {
  vi.useRealTimers();
});

it.each(["500", "true", "null", '"timeout"', "[1]", "a & b=c #d", "is:unresolved\tcheckout", ""])(
  "the place of a list keeps the query %j",
  async (q) => {
    const search = { q, sort: "events", group: "project", view: "7" } as const;
    const router = createAppRouter(createMemoryHistory({ initialEntries: [listHref(search)] }));
    await router.load();
    expect(router.state.location.search).toEqual(search);
  },
);

it("the launch does not wait for views that are not read soon, and goes there when they are", async () => {
  const host = createFixtureHost({ issues: 0 });
  const views = await host.views();
  let answer = (_: SavedView[]) => {};
  vi.spyOn(host, "views").mockReturnValue(new Promise((resolve) => (answer = resolve)));
  for (const stays of [true, false]) {
    vi.useFakeTimers();
    const start = startView(host, new ViewDrafts(), "1");
    const known = soon(start);
    await vi.advanceTimersByTimeAsync(300);
    expect(await known).toBeUndefined();
    vi.useRealTimers();
    const router = createAppRouter(createMemoryHistory({ initialEntries: ["/live"] }));
    await router.load();
    const gone = goLate(router, start);
    if (!stays) await router.navigate({ to: "/settings" });
    answer(views);
    await gone;
    await router.load();
    expect(router.state.location.pathname).toBe(stays ? "/inbox" : "/settings");
    vi.spyOn(host, "views").mockReturnValue(new Promise((resolve) => (answer = resolve)));
  }
});
