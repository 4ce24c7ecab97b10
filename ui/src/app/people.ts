import { useQuery } from "@tanstack/react-query";
import type { People } from "@/ipc";
import { asks } from "./queries";
import { useServices } from "./services";

/** Who an issue is assigned to, as it is shown. */
export interface Assignee {
  /** `ana`, `#core`. */
  name: string;
  /** At most three characters that stand for it in a list. */
  initials: string;
  email: string | null;
}

/** Words for an assignee as issues carry them: `user:7`, `team:3`. Somebody who is not known keeps the number. */
export function assigneeOf(assignee: string, people: People | undefined): Assignee {
  const [kind, id = ""] = assignee.split(":");
  if (kind === "team") {
    const slug = people?.teams.find((team) => team.id === id)?.slug;
    return { name: slug ? `#${slug}` : `team ${id}`, initials: `#${(slug ?? id).slice(0, 2)}`, email: null };
  }
  const user = people?.users.find((known) => known.id === id);
  const name = user?.username ?? `user ${id}`;
  return { name, initials: user ? initialsOf(name) : id.slice(0, 3), email: user?.email ?? null };
}

/** `chen.wei` → `CW`, `ana` → `AN`. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => word.charAt(0)) : [name.slice(0, 2)];
  return letters.join("").toUpperCase();
}

/** Users and teams; undefined until they are read. */
export function usePeople(): People | undefined {
  const { host } = useServices();
  return useQuery(asks.people(host)).data;
}
