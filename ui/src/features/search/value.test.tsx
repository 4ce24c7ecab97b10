import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { preferences } from "@/app/preferences";
import { HOSTILE_INDEX } from "@/ipc/fixture/store";
import { testIds } from "@/lib/testIds";
import { accessibilityProblems } from "@/test/axe";
import { findList, press, renderApp } from "@/test/renderApp";

afterEach(() => preferences.change({ preview: false }));

async function openIssue(query: string) {
  const app = await renderApp({ at: `/inbox?q=${encodeURIComponent(query)}&sort=events` });
  await findList();
  press("Enter");
  await screen.findByTestId(testIds.tags);
  return app;
}

const valueIn = (scope: HTMLElement, field: string) =>
  within(scope)
    .getAllByTestId(testIds.value)
    .find((node) => node.dataset.field === field) as HTMLElement;

/** Opens the menu of a value and takes a line of it. */
async function take(value: HTMLElement, name: "filter" | "exclude" | "copy") {
  fireEvent.click(value);
  fireEvent.click(await screen.findByTestId(testIds.valueAction(name)));
}

describe("a value of an issue", () => {
  it("narrows the list that was left, and keeps the rest of its query", async () => {
    const { router } = await openIssue("is:unresolved level:error");
    const tag = valueIn(screen.getByTestId(testIds.tags), "tags[os]");
    await take(tag, "filter");
    await waitFor(() =>
      expect(router.state.location).toMatchObject({
        pathname: "/inbox",
        search: { q: `is:unresolved level:error tags[os]:"${tag.dataset.value}"`, sort: "events" },
      }),
    );
  });

  it("is excluded from any of the alternatives", async () => {
    const { router } = await openIssue("level:error OR level:fatal");
    const release = valueIn(screen.getByTestId(testIds.tags), "release");
    await take(release, "exclude");
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({
        q: `(level:error OR level:fatal) !release:${release.dataset.value}`,
      }),
    );
  });

  it("is copied as it was sent", async () => {
    const writeText = vi.fn(async () => undefined);
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    await openIssue("level:error");
    const tag = valueIn(screen.getByTestId(testIds.tags), "tags[browser]");
    await take(tag, "copy");
    await waitFor(() => expect(writeText).toHaveBeenCalledWith(tag.dataset.value));
    Reflect.deleteProperty(navigator, "clipboard");
  });

  it("can be reached by key, and says what cannot be searched for", async () => {
    const app = await openIssue("level:error");
    await app.router.navigate({ to: "/issue/$id", params: { id: app.host.store.id(HOSTILE_INDEX) } });
    await waitFor(() => expect(screen.getByTestId(testIds.tags).textContent).toContain("<b>bold</b>"));
    const hostile = within(screen.getByTestId(testIds.tags))
      .getAllByTestId(testIds.value)
      .find((node) => node.dataset.field === undefined) as HTMLElement;
    hostile.focus();
    expect(document.activeElement).toBe(hostile);
    expect(hostile.tagName).toBe("BUTTON");
    fireEvent.keyDown(hostile, { key: "Enter" });
    fireEvent.click(hostile);
    const filter = await screen.findByTestId(testIds.valueAction("filter"));
    expect(filter.getAttribute("aria-disabled")).toBe("true");
    expect(filter.textContent).toContain("a search cannot say this value");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("is offered beside the list and in the head of an issue, too", async () => {
    const { router } = await openIssue("level:error");
    const head = screen.getByTestId(testIds.issueHeader);
    expect(valueIn(head, "level").dataset.value).toBe("error");
    expect(valueIn(head, "project")).toBeTruthy();
    press("Escape");
    await findList();
    press(" ", { code: "Space" });
    const preview = await screen.findByTestId(testIds.preview);
    await within(preview).findByText("Stack");
    await waitFor(() => expect(valueIn(preview, "stack.function")).toBeTruthy());
    const file = valueIn(preview, "stack.filename");
    expect(file.textContent).toMatch(/^.+\.py:\d+$/);
    await take(file, "filter");
    await waitFor(() =>
      expect(router.state.location.search).toMatchObject({
        q: `level:error stack.filename:${file.dataset.value}`,
      }),
    );
  });
});
