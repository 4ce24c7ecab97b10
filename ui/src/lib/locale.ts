/**
 * The locale of the desktop, as `Intl` wants it. A WebKit that is started without one (`LANG=C`, usual in containers
 * and under test) calls it "C", which `Intl` refuses with an exception.
 */
export const LOCALE = usable(navigator.language);

function usable(language: string): string {
  try {
    Intl.getCanonicalLocales(language);
    return language;
  } catch {
    return "en-US";
  }
}

// Libraries ask the browser themselves while they are loaded; uPlot is one. So they have to get a usable answer too,
// which is why main.tsx imports this module before any other.
if (LOCALE !== navigator.language) {
  Object.defineProperty(navigator, "language", { configurable: true, value: LOCALE });
}
