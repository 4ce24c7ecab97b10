// Runs before the first paint so that a light desktop never flashes dark, and the other way round.
// src/app/preferences.ts owns the setting; this file only repeats its rule for "system".
(() => {
  let theme = "system";
  try {
    theme = JSON.parse(localStorage.getItem("picket.preferences") ?? "{}").theme ?? "system";
  } catch {
    // An unreadable setting is treated like an absent one.
  }
  if (theme === "system") {
    const base = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    theme = matchMedia("(prefers-contrast: more)").matches ? `contrast-${base}` : base;
  }
  document.documentElement.dataset.theme = theme;
})();
