import { fileURLToPath } from "node:url";
import { transformAsync } from "@babel/core";
import react from "@vitejs/plugin-react";
import type { CSSOptions, Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The policy the desktop shell sets. The preview server sends it too, so a violation shows in any browser. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src ipc: http://ipc.localhost",
].join("; ");

/**
 * Runs the React Compiler over our own components. Vite's React plugin no longer carries Babel, and this is the
 * only Babel plugin we want, so the pass is written out instead of pulling in a bridge package.
 */
function reactCompiler(): Plugin {
  return {
    name: "react-compiler",
    enforce: "pre",
    transform: {
      // Only components and hooks are compiled; everything else would be parsed for nothing.
      filter: { id: { include: /\/src\/.*\.tsx?$/, exclude: /node_modules/ }, code: /\buse[A-Z]\w*\(|<\w/ },
      handler: async (code, id) => {
        const result = await transformAsync(code, {
          filename: id,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: ["typescript", "jsx"] },
          plugins: [["babel-plugin-react-compiler", {}]],
        });
        return result?.code ? { code: result.code, map: result.map } : null;
      },
    },
  };
}

/**
 * What a rule says about whether something is there for a reader. Tests run without layout, so no other declaration
 * can be seen by them, but each one costs whenever a style is computed.
 */
const SEEN_WITHOUT_LAYOUT =
  /^(?:display|visibility|content-visibility|opacity|clip|clip-path|pointer-events)$/;

type SheetPlugins = NonNullable<Exclude<NonNullable<CSSOptions["postcss"]>, string>["plugins"]>;

/** Drops what no test can see from the sheets of components. Class names stay: they are read before. */
const withoutLooks: SheetPlugins[number] = {
  postcssPlugin: "without-looks",
  OnceExit(root) {
    root.walkDecls((declaration) => {
      if (!SEEN_WITHOUT_LAYOUT.test(declaration.prop)) declaration.remove();
    });
    root.walkAtRules(/^(?:-\w+-)?(?:keyframes|font-face)$/, (rule) => {
      rule.remove();
    });
    root.walk((node) => {
      if (node.type === "rule" && node.nodes.length === 0) node.remove();
    });
    root.walkComments((comment) => {
      comment.remove();
    });
  },
};

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  plugins: [reactCompiler(), react()],
  resolve: {
    alias: {
      "@": fromRoot("./src"),
      // CodeMirror would otherwise add a <style> element, which the policy blocks. See the module itself.
      ...(mode === "test" ? {} : { "style-mod": fromRoot("./src/lib/adoptedStyleMod.ts") }),
    },
  },
  ...(mode === "test" ? { css: { postcss: { plugins: [withoutLooks] } } } : {}),
  build: {
    target: ["es2022", "safari16.4"],
    // Inlined assets would become data: URLs in CSS and JavaScript, which only images may be.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Loaded from disk by the shell, once; splitting would only add waiting at the first visit of each screen.
    chunkSizeWarningLimit: 1_200,
  },
  server: { host: "127.0.0.1", port: 1420, strictPort: true },
  preview: { headers: { "Content-Security-Policy": contentSecurityPolicy } },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/test/setup.ts"],
    css: { include: /\.module\.css$/, modules: { classNameStrategy: "non-scoped" } },
    restoreMocks: true,
    // One file for each core. Vitest keeps a core for itself, but once everything is compiled it has nothing to do.
    maxWorkers: "100%",
    // Whole screens are rendered and checked; a shared machine may be slow.
    testTimeout: 40_000,
  },
}));
