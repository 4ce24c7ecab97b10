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

interface FieldProps {
  onRun: (query: string, entered: boolean) => void;
  /** Runs with the commit, which is before the passive effects of it. */
  onCommit: () => void;
}

function Field({ onRun, onCommit }: FieldProps) {
  useLayoutEffect(onCommit, [onCommit]);
  return (
    <QueryField
      value="is:unresolved"
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
});
