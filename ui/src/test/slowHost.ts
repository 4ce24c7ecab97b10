import { act } from "@testing-library/react";
import { createFixtureHost } from "@/ipc/fixture";
import { NOW } from "./renderApp";

/** A host whose lists are not answered before `answer` is called, or fail with `fail`; how they begin is. */
export function slowHost() {
  const host = createFixtureHost({ issues: 2_000, now: () => NOW });
  const { issueSnapshot } = host;
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const withdrawn: string[] = [];
  host.issueSnapshot = async (query, sort, grouping, signal) => {
    await new Promise<void>((resolve, reject) => {
      waiting.push({ resolve, reject });
      signal?.addEventListener("abort", () => {
        withdrawn.push(query);
        reject(new Error("withdrawn"));
      });
    });
    return issueSnapshot(query, sort, grouping);
  };
  const answer = () =>
    act(async () => {
      for (const { resolve } of waiting.splice(0)) resolve();
    });
  const fail = () =>
    act(async () => {
      for (const { reject } of waiting.splice(0)) reject(new Error("the disk is away"));
    });
  return { host, answer, fail, withdrawn };
}
