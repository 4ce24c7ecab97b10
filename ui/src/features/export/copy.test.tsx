import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { testIds } from "@/lib/testIds";
import { findList, press, renderApp } from "@/test/renderApp";

describe("copying by y and a letter", () => {
  let copied: string[] = [];
  beforeEach(() => {
    copied = [];
    const writeText = (text: string) => Promise.resolve(void copied.push(text));
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, "clipboard");
    vi.restoreAllMocks();
  });

  async function copy(letter: string): Promise<string> {
    const before = copied.length;
    press("y");
    press(letter);
    await waitFor(() => expect(copied.length).toBe(before + 1));
    return copied.at(-1) ?? "";
  }

  it("takes the issue under the cursor", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    const [id = ""] = (await host.issueSnapshot("is:unresolved", "events")).ids;
    const [row] = await host.issueRows([id]);
    expect(await copy("l")).toBe(`picket://issue/${id}`);
    expect(await copy("i")).toBe(row?.short_id);
    const line = await copy("m");
    expect(line.startsWith(`- [${row?.short_id}](picket://issue/${id}) `)).toBe(true);
    expect(line).not.toContain("\n");
    expect((await screen.findAllByTestId(testIds.toast)).at(0)?.textContent).toContain("Copied the");
  });

  it("takes everything that is selected", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    press("x");
    press("j");
    press("x");
    expect((await copy("l")).split("\n").length).toBe(2);
    press("y");
    press("s");
    await waitFor(() => {
      const said = screen.getAllByTestId(testIds.toast).map(({ textContent }) => textContent);
      expect(said.join()).toContain("Several issues have several stacks");
    });
  });

  it("counts what it has copied, where some of the selection have gone", async () => {
    const { host } = await renderApp({ at: "/inbox?q=is:unresolved&sort=events" });
    await findList();
    press("x");
    press("J", { shiftKey: true });
    press("J", { shiftKey: true });
    const ids = screen.getAllByTestId(testIds.issueRow).map((row) => row.dataset.issueId ?? "");
    const remove = (...of: string[]) =>
      host.bulkChange({ kind: "some", ids: of }, { kind: "delete", discard: false }, () => {});
    await remove(ids[0] ?? "");
    const said = () => screen.getAllByTestId(testIds.toast).map(({ textContent }) => textContent);
    expect((await copy("l")).split("\n")).toEqual([1, 2].map((at) => `picket://issue/${ids[at]}`));
    await waitFor(() => expect(said().join()).toContain("Copied 2 links"));
    expect(said().join()).toContain("1 issue of them has gone");
  });

  it("copies the stack of the newest occurrence", async () => {
    const { host } = await renderApp({ at: "/inbox?q=level:error&sort=events" });
    await findList();
    const [id = ""] = (await host.issueSnapshot("level:error", "events")).ids;
    const { title } = await host.occurrenceDetail(id, { kind: "newest" });
    const text = await copy("s");
    expect(text.split("\n")[0]).toBe(title);
    expect(text).toMatch(/\n {2}\S+:\d+ in \S+/);
  });
});
