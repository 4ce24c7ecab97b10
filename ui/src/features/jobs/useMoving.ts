import { useState } from "react";
import type { Job } from "@/ipc";

/**
 * Tells of a job whether it was seen to move since it was first listed. One that ended with its process reads as running
 * for a while, and nobody there would hear that it is to stop.
 */
export function useMoving(jobs: readonly Job[]): (job: Job) => boolean {
  const [found, setFound] = useState<ReadonlyMap<string, number>>(new Map());
  if (jobs.length !== found.size || jobs.some(({ id }) => !found.has(id))) {
    setFound(new Map(jobs.map(({ id, done }) => [id, found.get(id) ?? done])));
  }
  return ({ id, state, done }) => state === "running" && done !== (found.get(id) ?? done);
}
