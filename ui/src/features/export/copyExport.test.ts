import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ExportOptions, ExportSource } from "@/ipc";
import { createFixtureHost, type FixtureHost } from "@/ipc/fixture";
import { NOW } from "@/test/renderApp";
import { copyExport, htmlTable } from "./copyExport";
import { EXPORT_DEFAULTS, toOptions } from "./exportModel";

const options = (change: Partial<ExportOptions> = {}): ExportOptions => ({
  ...toOptions(EXPORT_DEFAULTS, "issues", "events", null),
  columns: ["shortId", "title"],
  ...change,
});

describe("a table of an export", () => {
  const cells = (value: unknown, guard: boolean) =>
    /<td>([\s\S]*)<\/td>/.exec(htmlTable(["a"], [{ a: value }], guard))?.[1];

  it("has no formula where a text begins like one", () => {
    for (const text of ["=1+1", "+1", "-1", "@a", "\t=1", "\ra", "  =1"]) {
      expect(cells(text, true)).toBe(`'${text}`);
      expect(cells(text, false)).toBe(text);
    }
    expect(cells("a\n=1", true)).toBe("a<br>'=1");
    expect(cells("a=1", true)).toBe("a=1");
    expect(cells("a", true)).toBe("a");
  });

  it("leaves numbers as they are", () => {
    expect(cells(-1, true)).toBe("-1");
  });
});

describe("copying an export", () => {
  type Parts = Record<string, Blob | Promise<Blob>>;
  let host: FixtureHost;
  let issues: ExportSource;
  let given: Parts[];
  /** Whether the web view takes contents that are still on their way. */
  let takesPromises: boolean;
  const write = vi.fn<(items: unknown[]) => Promise<void>>();
  const writeText = vi.fn<(text: string) => Promise<void>>();
  const content = async (type: string) => (await given.at(-1)?.[type])?.text() ?? "";

  beforeEach(async () => {
    host = createFixtureHost({ issues: 20, now: () => NOW });
    const { ids } = await host.issueSnapshot("", "events");
    issues = { kind: "issues", selection: { kind: "some", ids: ids.slice(0, 2) } };
    given = [];
    takesPromises = true;
    class Item {
      constructor(parts: Parts) {
        if (!takesPromises && Object.values(parts).some((part) => !(part instanceof Blob))) {
          throw new TypeError("not a Blob");
        }
        given.push(parts);
      }
    }
    write.mockReset().mockResolvedValue(undefined);
    writeText.mockReset().mockResolvedValue(undefined);
    vi.stubGlobal("ClipboardItem", Item);
    Object.defineProperty(navigator, "clipboard", { value: { write, writeText }, configurable: true });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(navigator, "clipboard");
  });

  it("goes as text where a web view knows items and takes none", async () => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    expect((await copyExport(host, issues, options())).asTable).toBe(false);
    expect(writeText.mock.lastCall?.[0]).toContain("shortId");
  });

  it("is begun in the press itself, before anything is read", async () => {
    const copied = copyExport(host, issues, options());
    expect(write).toHaveBeenCalledOnce();
    expect((await copied).asTable).toBe(true);
    expect(await content("text/html")).toContain("<th>title</th>");
  });

  it("gives contents that are there to a web view that takes no promises", async () => {
    takesPromises = false;
    expect((await copyExport(host, issues, options())).asTable).toBe(true);
    expect(given).toHaveLength(1);
    expect(await content("text/plain")).toBe(await host.exportText(issues, options()));
  });

  it("guards a table from formulas where the file is, and that of Markdown always", async () => {
    const { exportText } = host;
    host.exportText = async (selection, wanted) =>
      wanted.format === "ndjson" ? '{"shortId":"A-1","title":"=1+1"}\n' : exportText(selection, wanted);
    const table = async (change: Partial<ExportOptions>) => {
      await copyExport(host, issues, options(change));
      return content("text/html");
    };
    expect(await table({ formula_guard: true })).toContain("<td>'=1+1</td>");
    expect(await table({ formula_guard: false })).toContain("<td>=1+1</td>");
    expect(await table({ formula_guard: false, format: "markdown" })).toContain("<td>'=1+1</td>");
  });

  it("says what failed where there is nothing to copy", async () => {
    // As a web view does, which waits for what it was given.
    write.mockImplementation(() => Promise.resolve(given.at(-1)?.["text/plain"]).then(() => undefined));
    host.exportText = () => Promise.reject(new Error("Too large"));
    await expect(copyExport(host, issues, options())).rejects.toThrow("Too large");
    expect(writeText).not.toHaveBeenCalled();
  });
});
