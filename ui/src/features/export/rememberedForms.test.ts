import { expect, it } from "vitest";
import { EXPORT_DEFAULTS, readForm, rememberForm } from "./exportModel";

const separated = (separator: string) => ({ ...EXPORT_DEFAULTS, separator });

it("forms of lists go by their age, whatever the ids of their views are", () => {
  // Of an object, these keys would come back in the order of their numbers.
  for (let id = 60; id > 10; id -= 1) rememberForm(String(id), separated(";"));
  rememberForm("5", separated("\t"));
  rememberForm("99", separated(","));
  expect(readForm("5").separator).toBe("\t");
  expect(readForm("11").separator).toBe(";");
  // The two oldest are gone, and have the form that was used last.
  expect([readForm("60"), readForm("59")].map(({ separator }) => separator)).toEqual([",", ","]);
  expect(readForm("58").separator).toBe(";");
});

it("forms of an earlier version are known", () => {
  window.localStorage.setItem("picket.export.lists", JSON.stringify({ "7": separated(";"), "8": "junk" }));
  expect(readForm("7").separator).toBe(";");
  expect(readForm("8")).toEqual(EXPORT_DEFAULTS);
});
