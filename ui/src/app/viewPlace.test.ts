import { createMemoryHistory } from "@tanstack/react-router";
import { expect, it } from "vitest";
import { createAppRouter } from "./router";
import { listHref } from "./viewPlace";

it.each(["500", "true", "null", '"timeout"', "[1]", "a & b=c #d", "is:unresolved\tcheckout", ""])(
  "the place of a list keeps the query %j",
  async (q) => {
    const search = { q, sort: "events", group: "project", view: "7" } as const;
    const router = createAppRouter(createMemoryHistory({ initialEntries: [listHref(search)] }));
    await router.load();
    expect(router.state.location.search).toEqual(search);
  },
);
