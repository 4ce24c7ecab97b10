import { createMemoryHistory } from "@tanstack/react-router";
import { afterEach, expect, it, vi } from "vitest";
import { ViewDrafts } from "@/features/views/drafts";
import { createFixtureHost } from "@/ipc/fixture";
import { createAppRouter } from "./router";
import { listHref, startView } from "./viewPlace";

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

it("the launch does not wait for views that cannot be read soon", async () => {
  vi.useFakeTimers();
  const host = createFixtureHost({ issues: 0 });
  vi.spyOn(host, "views").mockReturnValue(new Promise(() => undefined));
  const start = startView(host, new ViewDrafts(), "1");
  await vi.advanceTimersByTimeAsync(300);
  expect(await start).toBeNull();
});
