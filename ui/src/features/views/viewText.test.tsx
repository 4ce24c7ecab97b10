import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SavedView } from "@/ipc";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp } from "@/test/renderApp";
import { freeName, readViews, viewLink, viewText } from "./viewText";

const view: SavedView = {
  id: "7",
  name: "Mine",
  query: "assigned:me\nlevel:error",
  sort: "users",
  grouping: "service",
  columns: ["last", "events"],
  density: "compact",
  follow: true,
  icon: "star",
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
      density: null,
      follow: false,
      icon: null,
      pinned: true,
    });
  });

  it("are links as well, which say the same", () => {
    const { id, position, ...parts } = view;
    const plain = { ...view, name: "A & b=c", query: "", columns: null, density: null, grouping: null };
    const other = { ...plain, icon: null, follow: false, pinned: true };
    const { id: _id, position: _position, ...otherParts } = other;
    const links = [viewLink(view), viewLink(other)];
    for (const link of links) expect(link).toMatch(/^picket:\/\/view\?[^\s]+$/);
    expect(readViews(links.join("\n"))).toEqual({ views: [parts, otherParts], problems: [] });
    expect(readViews("picket://view?query=is:new").problems).toEqual([{ line: 1, what: "has no name" }]);
  });

  it("say which line is none", () => {
    const lines = ["x", "[]", "{}", '{"name":"a"}', `{"name":"${"a".repeat(81)}","query":""}`, "", "null"];
    expect(readViews(lines.join("\n")).problems).toEqual([
      { line: 1, what: "is no JSON and no link to a view" },
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
    await screen.findAllByTestId(testIds.viewTab);
    const [first] = await host.views();
    await host.viewSave({ ...(first as SavedView), columns: ["last"] });
    const before = await host.views();
    await run("copy all views");
    await waitFor(() => expect(writeText).toHaveBeenCalledOnce());
    await run("import views");
    const field = await screen.findByTestId(testIds.viewImport);
    expect(await accessibilityProblems()).toEqual([]);
    fireEvent.change(field, { target: { value: `nonsense\n${writeText.mock.calls[0]?.[0]}` } });
    expect(screen.getByText("Line 1 is no JSON and no link to a view, and is left out.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: `Import ${before.length} views` }));
    await waitFor(async () => expect(await host.views()).toHaveLength(2 * before.length));
    await waitFor(() => expect(screen.queryByTestId(testIds.viewImport)).toBeNull());
    const taken = (await host.views()).find(({ name }) => name === `${first?.name} 2`);
    expect(taken).toMatchObject({ query: first?.query, sort: first?.sort });
  });

  it("are copied as links, which an import takes", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved" });
    await findList();
    await screen.findAllByTestId(testIds.viewTab);
    await run("copy a link to the view");
    await waitFor(() => expect(writeText).toHaveBeenCalledOnce());
    await run("import views");
    const field = await screen.findByTestId(testIds.viewImport);
    fireEvent.change(field, { target: { value: writeText.mock.calls[0]?.[0] } });
    fireEvent.click(screen.getByRole("button", { name: "Import 1 view" }));
    await waitFor(async () =>
      expect((await host.views()).at(-1)).toMatchObject({ name: "Unresolved 2", query: "is:unresolved" }),
    );
  });
});
