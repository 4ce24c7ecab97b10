import { describe, expect, it } from "vitest";
import { createFixtureHost } from "@/ipc/fixture";
import { editDistance, findNearMiss, nearestValue } from "./nearest";

describe("the distance between two words", () => {
  it("counts letters put in, left out, replaced and swapped", () => {
    expect(editDistance("error", "error", 2)).toBe(0);
    expect(editDistance("eror", "error", 2)).toBe(1);
    expect(editDistance("fatall", "fatal", 2)).toBe(1);
    expect(editDistance("fatan", "fatal", 2)).toBe(1);
    expect(editDistance("fatla", "fatal", 2)).toBe(1);
    expect(editDistance("", "ab", 2)).toBe(2);
  });

  it("stops where it takes more than is allowed", () => {
    expect(editDistance("warning", "error", 2)).toBe(3);
    expect(editDistance("abcdef", "ab", 2)).toBe(3);
  });
});

describe("the nearest value", () => {
  const levels = ["debug", "info", "warning", "error", "fatal"];

  it("is the one that takes the fewest steps, in any case", () => {
    expect(nearestValue("eror", levels)).toBe("error");
    expect(nearestValue("FATA", levels)).toBe("fatal");
    expect(nearestValue("prd", ["prod", "prd-eu"])).toBe("prod");
  });

  it("is none where a value is known, or all are far", () => {
    expect(nearestValue("ERROR", levels)).toBeNull();
    expect(nearestValue("cat", levels)).toBeNull();
    expect(nearestValue("", levels)).toBeNull();
    expect(nearestValue("x".repeat(100), levels)).toBeNull();
  });
});

describe("a query that finds nothing", () => {
  const host = createFixtureHost({ issues: 300 });

  it("is corrected in one value, the rest as it was typed", async () => {
    const miss = await findNearMiss(host, "is:unresolved  level:eror");
    expect(miss).toMatchObject({ key: "level", typed: "eror", term: "level:error" });
    expect(miss?.query).toBe("is:unresolved  level:error");
    expect(miss?.total).toBe((await host.issueSnapshot("is:unresolved level:error", "last_seen")).total);
  });

  it("is corrected in a key that nothing is known by", async () => {
    const miss = await findNearMiss(host, "levels:error is:unresolved");
    expect(miss).toMatchObject({ key: "levels", typed: "error", term: "level:error" });
    expect(miss?.total).toBe((await host.issueSnapshot("level:error is:unresolved", "last_seen")).total);
    expect(await findNearMiss(host, "weather:error")).toBeNull();
  });

  it("is left alone where the value means what it says", async () => {
    expect(await findNearMiss(host, "level:er*x")).toBeNull();
    expect(await findNearMiss(host, "!level:eror")).toBeNull();
    expect(await findNearMiss(host, "level:[eror]")).toBeNull();
    expect(await findNearMiss(host, "level:error times_seen:>999999999")).toBeNull();
  });
});
