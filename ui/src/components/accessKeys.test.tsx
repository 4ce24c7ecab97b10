import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { testIds } from "@/lib/testIds";
import { findList, press, renderApp } from "@/test/renderApp";
import { AccessKeys } from "./accessKeys";

const letterOf = (element: Element | null) => element?.getAttribute("aria-keyshortcuts");

it("has a letter for each button, box and field of a dialog, which Alt presses or leads to", async () => {
  const { host } = await renderApp();
  await findList();
  const [row] = await host.issueRows(
    (await host.issueSnapshot("is:unresolved", "last_seen")).ids.slice(0, 1),
  );
  press("#");
  const dialog = await screen.findByTestId(testIds.removeDialog);
  const cancel = screen.getByTestId(testIds.remove("cancel"));
  const confirm = screen.getByTestId(testIds.remove("confirm"));
  const discard = screen.getByRole("checkbox", { name: /^Also drop/ });
  expect(letterOf(cancel)).toBe("Alt+C");
  expect(letterOf(confirm)).toBe("Alt+D");
  expect(letterOf(discard)).toBe("Alt+A");
  fireEvent.keyDown(cancel, { key: "a", code: "KeyA", altKey: true });
  expect(discard.getAttribute("aria-checked")).toBe("true");
  expect(document.activeElement).toBe(discard);
  // AltGr writes signs.
  fireEvent.keyDown(cancel, { key: "c", altKey: true, ctrlKey: true });
  fireEvent.keyDown(cancel, { key: "c" });
  expect(dialog.isConnected).toBe(true);
  fireEvent.keyDown(cancel, { key: "d", code: "KeyD", altKey: true });
  expect((await screen.findByTestId(testIds.toast)).textContent).toContain(`Deleted ${row?.short_id}`);
});

it("keeps letters while others come and go, and finds others in a name that has changed", async () => {
  const pressed = vi.fn();
  const page = (second: string, third: boolean) => (
    <div data-testid="root">
      <label>
        Path <input type="text" />
      </label>
      <button type="button" onClick={pressed}>
        {second}
      </button>
      {third ? <button type="button">Print</button> : null}
      <ul>
        <li>
          <button type="button">Quiet</button>
        </li>
      </ul>
    </div>
  );
  const { rerender } = render(page("Preview", false));
  const root = screen.getByTestId("root");
  const keys = new AccessKeys(root);
  const letters = () => [...root.querySelectorAll("input,button")].map((one) => letterOf(one));
  expect(letters()).toEqual(["Alt+P", "Alt+R", null]);
  rerender(page("Preview", true));
  await act(() => Promise.resolve());
  expect(letters()).toEqual(["Alt+P", "Alt+R", "Alt+I", null]);
  rerender(page("Look", true));
  await act(() => Promise.resolve());
  expect(letters()).toEqual(["Alt+P", "Alt+L", "Alt+I", null]);
  fireEvent.keyDown(root.querySelector("button") as HTMLElement, { key: "p", altKey: true });
  expect(document.activeElement).toBe(root.querySelector("input"));
  fireEvent.keyDown(document.activeElement as HTMLElement, { key: "l", altKey: true });
  expect(pressed).toHaveBeenCalledTimes(1);
  fireEvent.keyDown(document.activeElement as HTMLElement, { key: "q", altKey: true });
  expect(document.activeElement?.textContent).toBe("Look");
  keys.destroy();
  fireEvent.keyDown(root, { key: "l", altKey: true });
  expect(pressed).toHaveBeenCalledTimes(1);
});
