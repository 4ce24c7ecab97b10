import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("leaves no hint to the title of an element, which neither keys nor a slow hand can reach (UX 24)", () => {
  const native = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".tsx") && !file.endsWith(".test.tsx"))
    .flatMap((file) =>
      [
        ...readFileSync(`src/${file}`, "utf8").matchAll(
          /<(?:[a-z]\w*|Link|Button)\b(?:[^<>]|=>)*?\stitle=[{"][^\n]*/g,
        ),
      ].map(([found]) => `${file}: ${found.replace(/\s+/g, " ")}`),
    );
  expect(native).toEqual([]);
});
