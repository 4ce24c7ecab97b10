import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SavedView } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp } from "@/test/renderApp";
import { freeName, readViews, viewText } from "./viewText";

const view: SavedView = {
  id: "7",
  name: "Mine",
  query: "assigned:me\nlevel:error",
  sort: "users",
  grouping: "service",
  columns: ["last", "events"],
  position: 3,
  pinned: false,
};

describe("views as text", () => {
  it("are a line each, and come back as they were", () => {
    const text = viewText([view, { ...view, name: "Other", columns: null, grouping: null }]);
    expect(text.split("\n")).toHaveLength(2);
    const { id, position, ...parts } = view;
    expect(readViews(`\n${text}\n`)).toEqual({
      views: [parts, { ...parts, name: "Other", columns: null, grouping: null }],
      problems: [],
    });
  });

  it("are taken as far as they are known", () => {
    const [read] = readViews(
      '{"name":" Mine ","query":"","sort":"weather","grouping":7,"columns":["last","x","last"],"more":1}',
    ).views;
    expect(read).toEqual({
      name: "Mine",
      query: "",
      sort: "last_seen",
      grouping: null,
      columns: ["last"],
      pinned: true,
    });
  });

  it("say which line is none", () => {
    const lines = ["x", "[]", "{}", '{"name":"a"}', `{"name":"${"a".repeat(81)}","query":""}`, "", "null"];
    expect(readViews(lines.join("\n")).problems).toEqual([
      { line: 1, what: "is no JSON" },
      { line: 2, what: "is no JSON object" },
      { line: 3, what: "has no name" },
      { line: 4, what: "has no query" },
      { line: 5, what: "is too long" },
      { line: 7, what: "is no JSON object" },
    ]);
  });

  it("get a name that is free", () => {
    expect(freeName("Mine", new Set())).toBe("Mine");
    expect(freeName("Mine", new Set(["Mine", "Mine 2"]))).toBe("Mine 3");
  });
});

describe("the views of a window", () => {
  const writeText = vi.fn(async (_: string) => undefined);
  beforeEach(() => {
    writeText.mockClear();
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, "clipboard");
  });

  const run = async (words: string) => {
    press("k", { ctrlKey: true });
    const palette = within(await screen.findByTestId(testIds.palette));
    fireEvent.change(palette.getByRole("combobox"), { target: { value: words } });
    fireEvent.keyDown(palette.getByRole("combobox"), { key: "Enter" });
  };

  it("are copied and imported, with their columns", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    const [first] = await host.views();
    await host.viewSave({ ...(first as SavedView), columns: ["last"] });
    const before = await host.views();
    await run("copy all views");
    await waitFor(() => expect(writeText).toHaveBeenCalledOnce());
    await run("import views");
    const field = await screen.findByTestId(testIds.viewImport);
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.change(field, { target: { value: `nonsense\n${writeText.mock.calls[0]?.[0]}` } });
    expect(screen.getByText("Line 1 is no JSON, and is left out.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: `Import ${before.length} views` }));
    await waitFor(async () => expect(await host.views()).toHaveLength(2 * before.length));
    await waitFor(() => expect(screen.queryByTestId(testIds.viewImport)).toBeNull());
    const taken = (await host.views()).find(({ name }) => name === `${first?.name} 2`);
    expect(taken).toMatchObject({ query: first?.query, sort: first?.sort });
  });
});
