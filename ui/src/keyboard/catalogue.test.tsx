import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { preferences } from "@/app/preferences";
import { testIds } from "@/lib/testIds";
import { findList, press, renderApp } from "@/test/renderApp";
import { ACTION_IDS, isActionId, listed, type Place, placesText } from "./catalogue";
import { PRESETS } from "./presets";
import { collide } from "./sequences";

/** Named after the user's data: starting one connection. */
const isDynamic = (id: string) => /^feed\.start\./.test(id);

/** Opens every screen with as much on it as there can be, and says what acts there. */
const SCREENS: readonly [name: string, place: Place | null, open: () => ReturnType<typeof renderApp>][] = [
  [
    "the list",
    "list",
    async () => {
      const app = await renderApp();
      await findList();
      press("x");
      return app;
    },
  ],
  [
    "a grouped list",
    "list",
    async () => {
      const app = await renderApp({ at: "/inbox?q=is:unresolved&group=level" });
      await screen.findByTestId(testIds.issueList);
      return app;
    },
  ],
  [
    "an issue",
    "issue",
    async () => {
      const app = await renderApp();
      await findList();
      press("Enter");
      await screen.findByTestId(testIds.issueHeader);
      return app;
    },
  ],
  [
    "triage mode",
    "triage",
    async () => {
      const app = await renderApp();
      await findList();
      press("t");
      await screen.findByTestId(testIds.triageScreen);
      return app;
    },
  ],
  ["Live", "live", () => renderApp({ at: "/live" })],
  [
    "dead letters",
    "letters",
    async () => {
      const app = await renderApp({ at: "/dead-letters" });
      await screen.findByTestId(testIds.deadLetterList);
      return app;
    },
  ],
  ["outcomes", "outcomes", () => renderApp({ at: "/dead-letters?tab=outcomes" })],
  ["connections", "connections", () => renderApp({ at: "/connections?new=true" })],
  ["settings", null, () => renderApp({ at: "/settings" })],
  ["the journal", "journal", () => renderApp({ at: "/journal" })],
  ["jobs", "jobs", () => renderApp({ at: "/jobs" })],
];

describe.each(SCREENS)("actions of %s", (_, place, open) => {
  afterEach(() => preferences.change({ keyPreset: "picket" }));

  it("are in the catalogue with this place, and no two have the same keys in any preset", async () => {
    const { services } = await open();
    const { keyboard } = services;
    const own = () =>
      keyboard
        .actions()
        .filter(({ id }) => isActionId(id) && listed(id).where.includes(place ?? "everywhere"));
    await waitFor(() => expect(own().length).toBeGreaterThan(0));
    for (const action of keyboard.actions()) {
      if (isDynamic(action.id) && !isActionId(action.id)) continue;
      if (!isActionId(action.id)) throw new Error(`${action.id} is not in the catalogue`);
      const { where } = listed(action.id);
      expect(
        // On an issue the priority is in the palette only.
        where.includes("everywhere") ||
          (place !== null && where.includes(place)) ||
          action.keys?.length === 0,
        `${action.id} acts here`,
      ).toBe(true);
    }
    for (const keyPreset of PRESETS) {
      act(() => preferences.change({ keyPreset }));
      const bound = keyboard
        .actions()
        .flatMap(({ id, keys = [] }) => keys.map((sequence) => ({ id, sequence })));
      const clashes = bound.flatMap((one, at) =>
        bound
          .slice(at + 1)
          .filter((other) => other.id !== one.id && collide(one.sequence, other.sequence))
          .map((other) => `${keyPreset}: ${one.id} ${one.sequence}, ${other.id} ${other.sequence}`),
      );
      expect(clashes).toEqual([]);
    }
  });
});

describe("keys that are chosen", () => {
  afterEach(() => preferences.change({ keyPreset: "picket", keyBindings: {} }));

  it("act at once, in place of those before, and are named everywhere", async () => {
    const { services } = await renderApp();
    await findList();
    const sort = screen.getByTestId(testIds.sorting);
    expect(sort.dataset.tip).toBe("Sort the list: S");
    act(() =>
      preferences.change({ keyBindings: { "inbox.sort": ["Shift+q"], help: ["F1"], "inbox.columns": [] } }),
    );
    expect(sort.dataset.tip).toBe("Sort the list: Shift+Q");
    expect(sort.getAttribute("aria-keyshortcuts")).toBe("Shift+Q");
    expect(screen.getByText("Press F1 for the keys of this screen")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Columns" }).dataset.tip).toBe("Choose columns");
    press("s");
    expect(screen.queryByRole("heading", { name: /Sort by/ })).toBeNull();
    press("Q", { shiftKey: true });
    expect(await screen.findByRole("heading", { name: /Sort by/ })).toBeTruthy();
    expect(services.keyboard.actions().find(({ id }) => id === "help")?.keys).toEqual(["F1"]);
  });

  it("are those of an earlier run, as far as they are known", async () => {
    preferences.change({ keyPreset: "linear", keyBindings: { "triage.note": ["q"] } });
    const read = async () => {
      vi.resetModules();
      const { keyPreset, keyBindings } = (await import("@/app/preferences")).preferences.get();
      return { keyPreset, keyBindings };
    };
    expect(await read()).toEqual({ keyPreset: "linear", keyBindings: { "triage.note": ["q"] } });
    const odd = { keyPreset: "emacs", keyBindings: { "triage.note": ["q"], "no.such": ["x"], undo: "x" } };
    window.localStorage.setItem("picket.preferences", JSON.stringify(odd));
    expect(await read()).toEqual({ keyPreset: "picket", keyBindings: { "triage.note": ["q"] } });
  });

  it("keep the list followed by the key that switches that, and by no other", async () => {
    await renderApp();
    await findList();
    act(() => preferences.change({ keyBindings: { "inbox.follow": ["Shift+q"] } }));
    const follow = screen.getByRole("button", { name: /^Follow/ });
    press("Q", { shiftKey: true });
    await waitFor(() => expect(follow.getAttribute("aria-pressed")).toBe("true"));
    press("Q", { shiftKey: true });
    await waitFor(() => expect(follow.getAttribute("aria-pressed")).toBe("false"));
    press("Q", { shiftKey: true });
    await waitFor(() => expect(follow.getAttribute("aria-pressed")).toBe("true"));
    press("f");
    await waitFor(() => expect(follow.getAttribute("aria-pressed")).toBe("false"));
  });
});

describe("the help sheet on paper", () => {
  it("holds the keys of all screens, and is printed by its button", async () => {
    await renderApp({ at: "/live" });
    const print = vi.fn();
    window.print = print;
    press("?");
    await screen.findByTestId(testIds.helpSheet);
    const paper = screen.getByTestId(testIds.helpPaper);
    const headings = [...paper.querySelectorAll("h2")].map((heading) => heading.textContent);
    const groups = new Set(
      ACTION_IDS.filter((id) => listed(id).keys.length > 0).map(
        (id) => `${listed(id).section} · ${placesText(id)}`,
      ),
    );
    expect(headings).toEqual([...groups]);
    expect(paper.textContent).toContain("Newer occurrence");
    // Several ways to the same key are one.
    expect(paper.textContent).toContain("Zoom inCtrl+= or Ctrl++ or Ctrl+Num +");
    const zoom = within(screen.getByTestId(testIds.helpSheet)).getByText("Zoom in").nextElementSibling;
    expect(zoom?.querySelectorAll(":scope > [aria-hidden]").length).toBe(3);
    expect(paper.querySelectorAll("dt").length).toBe(
      ACTION_IDS.filter((id) => listed(id).keys.length > 0).length,
    );
    act(() => screen.getByRole("button", { name: "Print" }).click());
    expect(print).toHaveBeenCalledOnce();
  });
});
