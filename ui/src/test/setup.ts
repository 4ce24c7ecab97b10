import { cleanup, configure, getConfig, prettyDOM } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

/** Height and width that every element reports: jsdom lays nothing out, and lists draw by what fits. */
export const VIEWPORT = { width: 1200, height: 880 };

// A first render of the whole interface takes a while on a busy machine; only what fails waits this long.
configure({
  asyncUtilTimeout: 10_000,
  // A query that is asked again until it holds fails many times before. Only the failure that is read is worth a
  // picture of the document, which takes longer than everything else a wait does.
  getElementError: (message, container) => {
    const error = new Error();
    // Where it failed is the place of the query.
    Error.captureStackTrace(error, getConfig().getElementError);
    error.name = "TestingLibraryElementError";
    let text: string | undefined;
    Object.defineProperty(error, "message", {
      configurable: true,
      get: () => {
        text ??= [message, prettyDOM(container)].filter(Boolean).join("\n\n");
        return text;
      },
      set: (value: string) => {
        text = value;
      },
    });
    return error;
  },
});

for (const [property, value] of [
  ["clientHeight", VIEWPORT.height],
  ["clientWidth", VIEWPORT.width],
  ["offsetHeight", VIEWPORT.height],
  ["offsetWidth", VIEWPORT.width],
] as const) {
  Object.defineProperty(HTMLElement.prototype, property, { configurable: true, get: () => value });
}

class QuietResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
vi.stubGlobal("ResizeObserver", QuietResizeObserver);

window.matchMedia = (query) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList;

// The router resets the page's scroll place, which a page without layout does not have.
window.scrollTo = () => undefined;

// CodeMirror measures text, Base UI observes animations; jsdom knows neither.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
Element.prototype.getAnimations = () => [];

beforeEach(() => {
  window.localStorage.clear();
});

afterEach(() => {
  cleanup();
});
