import { EditorView } from "@codemirror/view";
import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { useLayoutEffect } from "react";
import { describe, expect, it, vi } from "vitest";
import { createServices, ServicesContext } from "@/app/services";
import { createFixtureHost } from "@/ipc/fixture";
import { testIds } from "@/lib/testIds";
import { NOW } from "@/test/renderApp";
import { QueryField } from "./QueryField";
import { createQueryEditor, queryText } from "./queryEditor";

interface FieldProps {
  value?: string;
  onRun: (query: string, entered: boolean) => void;
  /** Runs with the commit, which is before the passive effects of it. */
  onCommit: () => void;
}

function Field({ value = "is:unresolved", onRun, onCommit }: FieldProps) {
  useLayoutEffect(onCommit, [onCommit]);
  return (
    <QueryField
      value={value}
      onRun={onRun}
      onLeave={() => undefined}
      tookMs={0}
      onInvalid={() => undefined}
    />
  );
}

describe("the query field", () => {
  it("answers a key between a render and its passive effects as it was rendered", async () => {
    const host = createFixtureHost({ issues: 10, now: () => NOW });
    const services = createServices(host);
    const checked = vi.spyOn(host, "queryCheck");
    const field = (props: FieldProps) => (
      <QueryClientProvider client={services.queries}>
        <ServicesContext value={services}>
          <Field {...props} />
        </ServicesContext>
      </QueryClientProvider>
    );
    const before = vi.fn();
    const { rerender } = render(field({ onRun: before, onCommit: () => undefined }));
    // The check of the text is known, so Enter is answered at once.
    await waitFor(() => expect(checked).toHaveBeenCalledWith("is:unresolved"));
    await act(async () => void (await Promise.all(checked.mock.results.map(({ value }) => value))));
    const input = screen.getByTestId(testIds.queryInput);
    expect(EditorView.findFromDOM(input)?.state.doc.toString()).toBe("is:unresolved");

    const after = vi.fn();
    const enter = () =>
      void input.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }),
      );
    rerender(field({ onRun: after, onCommit: enter }));
    expect(after).toHaveBeenCalledExactlyOnceWith("is:unresolved", true);
    expect(before).not.toHaveBeenCalled();
  });

  it("keeps what was typed on until a query that was run has arrived", async () => {
    const services = createServices(createFixtureHost({ issues: 10, now: () => NOW }));
    const onRun = vi.fn();
    const onCommit = () => undefined;
    const field = (value: string) => (
      <QueryClientProvider client={services.queries}>
        <ServicesContext value={services}>
          <Field value={value} onRun={onRun} onCommit={onCommit} />
        </ServicesContext>
      </QueryClientProvider>
    );
    const { rerender } = render(field(""));
    const view = EditorView.findFromDOM(screen.getByTestId(testIds.queryInput));
    if (!view) throw new Error("no editor");
    const type = (text: string) => act(() => view.dispatch(view.state.replaceSelection(text)));
    const written = () => view.state.doc.toString();

    type("level");
    await waitFor(() => expect(onRun).toHaveBeenLastCalledWith("level", false));
    type(":error");
    rerender(field("level"));
    expect(written()).toBe("level:error");
    await waitFor(() => expect(onRun).toHaveBeenLastCalledWith("level:error", false));
    rerender(field("level:error"));

    // What comes from elsewhere takes its place all the same, also where it was run from here once.
    rerender(field("is:new"));
    expect(written()).toBe("is:new");
    rerender(field("level"));
    expect(written()).toBe("level");
  });

  it("puts the caret behind what was pasted, with line breaks in it", () => {
    const parent = document.createElement("div");
    const events = { changed: vi.fn(), moved: vi.fn(), completion: () => false, history: vi.fn() };
    const rest = { blurred: vi.fn(), submitted: vi.fn(), left: vi.fn(), nextProblem: vi.fn() };
    const view = createQueryEditor(parent, "is:new level:error", {
      ...events,
      ...rest,
      applyFix: () => false,
    });
    view.dispatch({ selection: { anchor: 6 } });
    view.dispatch(view.state.replaceSelection("\n   browser:Firefox\r\n\tdisk"));
    expect(queryText(view)).toBe("is:new browser:Firefox disk level:error");
    expect(view.state.selection.main.head).toBe("is:new browser:Firefox disk".length);
    view.destroy();
  });
});
