import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { findList, press, renderApp } from "@/test/renderApp";
import { isPressOf } from "./keyboard";

const event = (key: string, code: string, held: KeyboardEventInit = {}) =>
  new KeyboardEvent("keydown", { key, code, ...held });
const tab = () =>
  screen.getAllByTestId(testIds.viewTab).findIndex((one) => one.getAttribute("aria-selected") === "true");

describe("keys on other layouts", () => {
  it("are digits by their place where a layout needs Shift for them, with it and without, and Alt still moves the view", async () => {
    await renderApp({ at: "/inbox?q=is:unresolved&view=1" });
    await findList();
    await waitFor(() => expect(tab()).toBe(0));
    // AZERTY: the third key prints a quotation mark, and with Shift its digit.
    press('"', { code: "Digit3" });
    await waitFor(() => expect(tab()).toBe(2));
    const name = screen.getAllByTestId(testIds.viewTab)[2]?.textContent?.slice(1);
    press("1", { code: "Digit1", shiftKey: true });
    await waitFor(() => expect(tab()).toBe(0));
    press("3", { code: "Digit3", shiftKey: true });
    await waitFor(() => expect(tab()).toBe(2));
    press("&", { code: "Digit1", altKey: true });
    await waitFor(() => expect(screen.getAllByTestId(testIds.viewTab)[0]?.textContent?.slice(1)).toBe(name));
  });

  it("are brackets by AltGr, whether the system tells it as Ctrl and Alt or by itself", async () => {
    const { router } = await renderApp();
    await findList();
    press("Enter");
    const header = await screen.findByTestId(testIds.issueHeader);
    const first = header.dataset.issueId;
    // As on German keyboards; Windows reports Ctrl and Alt as well.
    press("]", { code: "Digit9", modifierAltGraph: true, ctrlKey: true, altKey: true });
    await waitFor(() => expect(screen.getByTestId(testIds.issueHeader).dataset.issueId).not.toBe(first));
    press("[", { code: "Digit8", modifierAltGraph: true });
    await waitFor(() => expect(screen.getByTestId(testIds.issueHeader).dataset.issueId).toBe(first));
    expect(router.state.location.pathname).toBe(`/issue/${first}`);
  });

  it("are brackets by place where nothing else is meant", () => {
    expect(isPressOf(event("ü", "BracketLeft"), ["["])).toBe(true);
    expect(isPressOf(event("Dead", "BracketLeft"), ["["])).toBe(true);
    expect(isPressOf(event("*", "BracketRight", { shiftKey: true }), ["[Shift]+}"])).toBe(true);
    expect(isPressOf(event("ü", "BracketLeft", { ctrlKey: true }), ["["])).toBe(false);
    expect(isPressOf(event("[", "BracketLeft", { altKey: true }), ["["])).toBe(false);
  });

  it("keep Alt where it is part of a binding", () => {
    const option = { altKey: true, modifierAltGraph: true };
    expect(isPressOf(event("π", "KeyP", option), ["Alt+KeyP"])).toBe(true);
    expect(isPressOf(event("1", "Digit1", { altKey: true }), ["1"])).toBe(false);
  });
});
