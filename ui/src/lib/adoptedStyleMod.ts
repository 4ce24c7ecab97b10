// CodeMirror mounts its styles through the package `style-mod`, which adds a <style> element to any root that has
// a <head>. Our content security policy allows no inline styles, so the build puts this module in its place: the
// same class, mounted as a constructed style sheet, which the policy does not restrict.
import { StyleModule as ElementStyleModule } from "../../node_modules/style-mod/src/style-mod.js";

const sheets = new WeakMap<ElementStyleModule, CSSStyleSheet>();

function sheetOf(module: ElementStyleModule): CSSStyleSheet {
  let sheet = sheets.get(module);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    sheets.set(module, sheet);
  }
  return sheet;
}

/** `StyleModule` of `style-mod`, mounted without a <style> element. */
export class StyleModule extends ElementStyleModule {
  /** Adopts the modules in order; later ones win, and modules mounted earlier stay before them. */
  static override mount(root: Document | ShadowRoot, modules: StyleModule | readonly StyleModule[]): void {
    const wanted = [modules].flat().map((module) => sheetOf(module as StyleModule));
    const others = root.adoptedStyleSheets.filter((sheet) => !wanted.includes(sheet));
    root.adoptedStyleSheets = [...others, ...wanted];
  }
}
