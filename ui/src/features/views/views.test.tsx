import { EditorView } from "@codemirror/view";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { preferences } from "@/app/preferences";
import { startView } from "@/app/viewPlace";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { chooseOption, cursorRow, findList, press, renderApp, runFeed } from "@/test/renderApp";

const tabs = () => screen.getAllByTestId(testIds.viewTab);
const names = () =>
  tabs().map((tab) => [...tab.childNodes].find(({ nodeType }) => nodeType === Node.TEXT_NODE)?.textContent);
const active = () => tabs().find((tab) => tab.getAttribute("aria-selected") === "true");
const toast = () => screen.findByTestId(testIds.toast);

function typeQuery(text: string): void {
  const view = EditorView.findFromDOM(screen.getByTestId(testIds.queryInput));
  if (!view) throw new Error("no editor");
  act(() => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }));
}

async function open(at = "/inbox?q=is:unresolved") {
  const app = await renderApp({ at });
  await findList();
  await screen.findAllByTestId(testIds.viewTab);
  return app;
}

async function saveAs(name: string): Promise<void> {
  const field = await screen.findByTestId(testIds.viewName);
  fireEvent.change(field, { target: { value: name } });
  fireEvent.submit(field.closest("form") as HTMLFormElement);
}

describe("views", () => {
  it("are tabs with exact counts, opened by number", async () => {
    const { host, router } = await open();
    expect(names()).toEqual(["Unresolved", "New today", "Regressed", "Everything"]);
    expect(active()?.textContent).toContain("Unresolved");
    const { total } = await host.issueSnapshot("is:regressed", "last_seen");
    await waitFor(() => expect(tabs()[2]?.dataset.count).toBe(String(total)));
    expect(await accessibilityProblems()).toEqual([]);
    press("3");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "is:regressed", view: "3" }));
    await waitFor(() => expect(screen.getByTestId(testIds.resultCount).dataset.total).toBe(String(total)));
  });

  it("count again after an action", async () => {
    await open();
    await waitFor(() => expect(tabs()[0]?.dataset.count).toBeTruthy());
    const before = Number(tabs()[0]?.dataset.count);
    press("e");
    await waitFor(() => expect(Number(tabs()[0]?.dataset.count)).toBe(before - 1));
  });

  it("count the last of several changes in quick succession", async () => {
    const { host } = await open();
    await waitFor(() => expect(tabs()[0]?.dataset.count).toBeTruthy());
    await runFeed(host, 20);
    const counted = tabs()[3]?.dataset.count;
    await runFeed(host, 20);
    const { total } = await host.issueSnapshot("", "last_seen");
    expect(String(total)).not.toBe(counted);
    await waitFor(() => expect(tabs()[3]?.dataset.count).toBe(String(total)));
  });

  it("keep what was changed as a draft until it is saved or reverted", async () => {
    const { router, host } = await open();
    typeQuery("is:unresolved level:error");
    await waitFor(() => expect(active()?.dataset.draft).toBe(""));
    press("2");
    await waitFor(() => expect(active()?.textContent).toContain("New today"));
    expect(tabs()[0]?.dataset.draft).toBe("");
    press("1");
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({ q: "is:unresolved level:error" }),
    );
    fireEvent.click(screen.getByTestId(testIds.view("revert")));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "is:unresolved" }));
    expect(active()?.dataset.draft).toBeUndefined();
    typeQuery("is:unresolved level:fatal");
    await waitFor(() => expect(active()?.dataset.draft).toBe(""));
    press("s", { ctrlKey: true });
    expect((await toast()).textContent).toContain("Saved the view “Unresolved”");
    expect((await host.views())[0]?.query).toBe("is:unresolved level:fatal");
    await waitFor(() => expect(active()?.dataset.draft).toBeUndefined());
    fireEvent.click(within(await toast()).getByTestId(testIds.toastAction));
    await waitFor(async () => expect((await host.views())[0]?.query).toBe("is:unresolved"));
  });

  it("are saved under a new name, which has to be free", async () => {
    const { host } = await open("/inbox?q=level:fatal");
    press("s", { ctrlKey: true });
    await screen.findByTestId(testIds.viewName);
    expect(await accessibilityProblems()).toEqual([]);
    await saveAs("Regressed");
    expect(await screen.findByText(/There is a view “Regressed” already/)).toBeTruthy();
    await saveAs("Fatal ones");
    await waitFor(() => expect(names()).toContain("Fatal ones"));
    await waitFor(() => expect(active()?.textContent).toContain("Fatal ones"));
    expect((await host.views()).at(-1)).toMatchObject({ query: "level:fatal", pinned: true });
  });

  it("take what was changed with them when they are saved under a new name", async () => {
    const { router, host, services } = await open("/inbox?q=is:unresolved&sort=events&view=1");
    const [view] = await host.views();
    if (!view) throw new Error("there is no view");
    const changes = {
      q: "is:unresolved",
      sort: "events",
      group: null,
      columns: ["project"],
      density: null,
    } as const;
    act(() => services.drafts.note(view, changes));
    await waitFor(() => expect(tabs()[0]?.dataset.draft).toBe(""));
    press("S", { ctrlKey: true, shiftKey: true });
    await saveAs("Loudest");
    await waitFor(() => expect(active()?.textContent).toContain("Loudest"));
    await waitFor(() => expect(tabs()[0]?.dataset.draft).toBeUndefined());
    press("1");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ sort: "last_seen", view: "1" }));
  });

  it("are moved by Alt and a number", async () => {
    await open();
    press("3");
    await waitFor(() => expect(active()?.textContent).toContain("Regressed"));
    press("1", { code: "Digit1", altKey: true });
    await waitFor(() => expect(names()[0]).toBe("Regressed"));
  });

  it("are deleted, what they showed stays, and they come back", async () => {
    const { host, router } = await open();
    press("3");
    await waitFor(() => expect(active()?.textContent).toContain("Regressed"));
    fireEvent.click(screen.getByTestId(testIds.view("menu")));
    fireEvent.click(await screen.findByTestId(testIds.view("delete")));
    const said = await toast();
    await waitFor(() => expect(names()).not.toContain("Regressed"));
    expect(router.state.location.search).toMatchObject({ q: "is:regressed" });
    fireEvent.click(within(said).getByTestId(testIds.toastAction));
    await waitFor(() => expect(names()).toContain("Regressed"));
    expect((await host.views()).find((view) => view.name === "Regressed")?.id).toBe("3");
  });

  it("are deleted and saved by steps that Mod+Z takes back in their order with changes of issues", async () => {
    const { host, router } = await open();
    press("3");
    await waitFor(() => expect(active()?.textContent).toContain("Regressed"));
    await findList();
    const id = cursorRow().dataset.issueId ?? "";
    const status = async () => (await host.issueRows([id]))[0]?.status;
    const before = await status();
    press("e");
    await waitFor(async () => expect(await status()).toBe("resolved"));
    fireEvent.click(screen.getByTestId(testIds.view("menu")));
    fireEvent.click(await screen.findByTestId(testIds.view("delete")));
    await waitFor(() => expect(names()).not.toContain("Regressed"));
    press("z", { ctrlKey: true });
    await waitFor(() => expect(names()).toContain("Regressed"));
    expect(await status()).toBe("resolved");
    press("z", { ctrlKey: true });
    await waitFor(async () => expect(await status()).toBe(before));
    press("Z", { ctrlKey: true, shiftKey: true });
    await waitFor(async () => expect(await status()).toBe("resolved"));
    expect(names()).toContain("Regressed");
    press("Z", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(names()).not.toContain("Regressed"));

    const saved = async () => (await host.views())[0]?.sort;
    const was = await saved();
    await act(() =>
      router.navigate({ to: "/inbox", search: { q: "is:unresolved", sort: "events", view: "1" } }),
    );
    await waitFor(() => expect(active()).toBe(tabs()[0]));
    press("s", { ctrlKey: true });
    await waitFor(async () => expect(await saved()).toBe("events"));
    press("z", { ctrlKey: true });
    await waitFor(async () => expect(await saved()).toBe(was));
  });

  it("come back beside one that got their id and their name since, and are shown at launch again", async () => {
    const { host } = await open();
    press("3");
    await waitFor(() => expect(active()?.textContent).toContain("Regressed"));
    preferences.change({ startView: "3" });
    fireEvent.click(screen.getByTestId(testIds.view("menu")));
    fireEvent.click(await screen.findByTestId(testIds.view("delete")));
    await waitFor(() => expect(names()).not.toContain("Regressed"));
    // Whatever gets the id next was never chosen for the launch.
    expect(preferences.get().startView).toBeNull();
    const [known] = await host.views();
    if (!known) throw new Error("there is no view");
    await host.viewSave({ ...known, id: "3", name: "Regressed", query: "level:fatal" });
    press("z", { ctrlKey: true });
    await waitFor(() => expect(names()).toContain("Regressed 2"));
    const views = await host.views();
    expect(views.find(({ id }) => id === "3")).toMatchObject({ name: "Regressed", query: "level:fatal" });
    const back = views.find(({ name }) => name === "Regressed 2");
    expect(back?.query).toBe("is:regressed");
    expect(preferences.get().startView).toBe(back?.id);
    press("Z", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(names()).not.toContain("Regressed 2"));
    expect(preferences.get().startView).toBeNull();
  });

  it("keep a new name and a new place when what was saved in them is taken back", async () => {
    const { host } = await open();
    const first = async () => (await host.views()).find(({ id }) => id === "1");
    typeQuery("is:unresolved level:error");
    await waitFor(() => expect(active()?.dataset.draft).toBe(""));
    press("Escape");
    press("s", { ctrlKey: true });
    await waitFor(async () => expect((await first())?.query).toBe("is:unresolved level:error"));
    const saved = await first();
    if (!saved) throw new Error("there is no view");
    await host.viewSave({ ...saved, name: "Ours", follow: true });
    press("z", { ctrlKey: true });
    await waitFor(async () => expect((await first())?.query).toBe("is:unresolved"));
    expect(await first()).toMatchObject({ name: "Ours", follow: true });
    press("Z", { ctrlKey: true, shiftKey: true });
    await waitFor(async () => expect((await first())?.query).toBe("is:unresolved level:error"));
    expect(await first()).toMatchObject({ name: "Ours", follow: true });
  });

  it("are brought into sight where there are more tabs than room", async () => {
    const shown = vi.fn();
    Element.prototype.scrollIntoView = function (this: Element) {
      shown(this.textContent);
    };
    try {
      await open();
      press("4");
      await waitFor(() => expect(active()?.textContent).toContain("Everything"));
      expect(shown.mock.lastCall?.[0]).toContain("Everything");
    } finally {
      Reflect.deleteProperty(Element.prototype, "scrollIntoView");
    }
  });

  it("are walked by arrows like other tabs", async () => {
    await open();
    act(() => tabs()[0]?.focus());
    press("ArrowRight");
    expect(document.activeElement).toBe(tabs()[1]);
    press("ArrowLeft");
    press("ArrowLeft");
    expect(document.activeElement).toBe(tabs()[3]);
  });

  it("say how many of their issues nobody has seen, and follow what is seen", async () => {
    const { host } = await open();
    const { ids } = await host.issueSnapshot("is:unresolved", "last_seen");
    const rows = (
      await Promise.all([0, 200, 400].map((at) => host.issueRows(ids.slice(at, at + 200))))
    ).flat();
    const unseen = rows.filter((row) => !row.has_seen).map(({ id }) => id);
    await waitFor(() => expect(tabs()[0]?.dataset.unseen).toBeTruthy());
    const before = Number(tabs()[0]?.dataset.unseen);
    expect(before).toBeGreaterThanOrEqual(unseen.length);
    expect(before).toBeLessThan(Number(tabs()[0]?.dataset.count));
    expect(tabs()[0]?.textContent).toContain("not seen, of");
    const selection = { kind: "some", ids: unseen.slice(0, 2) } as const;
    await act(() => host.bulkChange(selection, { kind: "set_seen", on: true }, () => undefined));
    await waitFor(() => expect(tabs()[0]?.dataset.unseen).toBe(String(before - 2)));
  });

  it("have rows of a height of their own, which is a change until it is saved", async () => {
    const { host } = await open();
    press("d");
    await waitFor(() => expect(active()?.dataset.draft).toBe(""));
    const density = () => screen.getByRole("combobox", { name: "Density" }).dataset.value;
    expect(density()).toBe("comfortable");
    press("2");
    await waitFor(() => expect(active()?.textContent).toContain("New today"));
    expect(density()).toBe("cosy");
    press("1");
    await waitFor(() => expect(density()).toBe("comfortable"));
    press("s", { ctrlKey: true });
    await waitFor(async () => expect((await host.views())[0]?.density).toBe("comfortable"));
    await waitFor(() => expect(active()?.dataset.draft).toBeUndefined());
    expect(preferences.get().density).toBe("cosy");

    // And back to that of other lists, which is a change as well.
    await chooseOption(screen.getByRole("combobox", { name: "Density" }), "As in other lists");
    await waitFor(() => expect(density()).toBe("cosy"));
    await waitFor(() => expect(active()?.dataset.draft).toBe(""));
    fireEvent.click(screen.getByTestId(testIds.view("save")));
    await waitFor(async () => expect((await host.views())[0]?.density).toBeNull());
    await waitFor(() => expect(active()?.dataset.draft).toBeUndefined());
    expect(density()).toBe("cosy");
  });

  it("get the height of rows that is chosen in the palette, from the launch on", async () => {
    await open();
    const choose = async (words: string) => {
      press("k", { ctrlKey: true });
      const palette = within(await screen.findByTestId(testIds.palette));
      const field = palette.getByRole("combobox");
      fireEvent.change(field, { target: { value: words } });
      fireEvent.keyDown(field, { key: "Enter" });
      await waitFor(() => expect(screen.queryByTestId(testIds.palette)).toBeNull());
    };
    const density = () => screen.getByRole("combobox", { name: "Density" }).dataset.value;
    await choose("density: compact");
    await waitFor(() => expect(density()).toBe("compact"));
    expect(active()?.dataset.draft).toBe("");
    expect(preferences.get().density).toBe("cosy");
    await choose("density: as in other lists");
    await waitFor(() => expect(density()).toBe("cosy"));
    expect(active()?.dataset.draft).toBeUndefined();
  });

  it("get an icon with their name, and follow the feed from the start where they should", async () => {
    const { host } = await open();
    fireEvent.click(screen.getByTestId(testIds.view("menu")));
    fireEvent.click(await screen.findByText("Name and icon…"));
    fireEvent.click(await screen.findByRole("radio", { name: "Flame" }));
    expect(await accessibilityProblems()).toEqual([]);
    await saveAs("Burning");
    await waitFor(() => expect(names()[0]).toBe("Burning"));
    expect((await host.views())[0]).toMatchObject({ name: "Burning", icon: "flame" });
    fireEvent.click(screen.getByTestId(testIds.view("menu")));
    fireEvent.click(await screen.findByText("Follow the feed when opened"));
    await waitFor(async () => expect((await host.views())[0]?.follow).toBe(true));
    const follows = () => screen.getByRole("button", { name: /^Follow/ }).getAttribute("aria-pressed");
    await waitFor(() => expect(follows()).toBe("true"));
    press("2");
    await waitFor(() => expect(follows()).toBe("false"));
    press("1");
    await waitFor(() => expect(follows()).toBe("true"));
    press("j");
    await waitFor(() => expect(follows()).toBe("false"));
  });

  it("can be what is shown at launch", async () => {
    const { host, services } = await open();
    press("3");
    await waitFor(() => expect(active()?.textContent).toContain("Regressed"));
    fireEvent.click(screen.getByTestId(testIds.view("menu")));
    fireEvent.click(await screen.findByText("Show at launch"));
    const { startView: chosen } = preferences.get();
    expect(chosen).toBe("3");
    expect(await startView(host, services.drafts, chosen)).toBe(
      "/inbox?q=is%3Aregressed&sort=last_seen&view=%223%22",
    );
    await host.viewDelete("3");
    expect(await startView(host, services.drafts, chosen)).toBeNull();
    expect(await startView(host, services.drafts, null)).toBeNull();
    preferences.change({ startView: null });
  });

  it("are shown at launch as they were left, and keep their draft", async () => {
    const { host, services, unmount } = await open();
    typeQuery("is:unresolved level:error");
    await waitFor(() => expect(active()?.dataset.draft).toBe(""));
    const at = await startView(host, services.drafts, "1");
    unmount();

    const { router, services: next } = await renderApp({ at: at ?? "", host });
    await findList();
    expect(router.state.location.search).toMatchObject({ q: "is:unresolved level:error", view: "1" });
    await waitFor(() => expect(active()?.dataset.draft).toBe(""));
    expect(next.drafts.all.get().get("1")?.q).toBe("is:unresolved level:error");
  });

  it.each(["@Unresolved", "open a view"])(
    "keep their draft when opened through the palette by %s",
    async (typed) => {
      const { router } = await open();
      typeQuery("is:unresolved level:error");
      await waitFor(() => expect(active()?.dataset.draft).toBe(""));
      press("Escape");
      press("2");
      await waitFor(() => expect(active()?.textContent).toContain("New today"));
      press("k", { ctrlKey: true });
      const palette = within(await screen.findByTestId(testIds.palette));
      const field = palette.getByRole("combobox");
      fireEvent.change(field, { target: { value: typed } });
      if (!typed.startsWith("@")) {
        await palette.findByText("Tab");
        fireEvent.keyDown(field, { key: "Tab" });
      }
      fireEvent.click(await palette.findByRole("option", { name: /^Unresolved/ }));
      await waitFor(() =>
        expect(router.state.location.search).toMatchObject({ q: "is:unresolved level:error", view: "1" }),
      );
      expect(active()?.dataset.draft).toBe("");
    },
  );
});
