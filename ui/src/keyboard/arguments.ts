import { useQuery } from "@tanstack/react-query";
import { fuzzyMatch } from "@/lib/fuzzy";
import type { Hit, Hits } from "./paletteHits";

/** One thing a command can be told before it runs. The palette asks for it, a step at a time. */
export interface Argument {
  /** What is asked: `To whom`. */
  label: string;
  /** What can be typed. */
  placeholder: string;
  choices: readonly ArgumentChoice[] | (() => Promise<readonly ArgumentChoice[]>);
  /** The choice that a typed text stands for beside those that are listed. */
  typed?: (text: string) => ArgumentChoice | null;
  /** What is said where there is nothing to choose from. */
  none: string;
  /** Whether the command does nothing without it: Enter then asks for it, too. */
  required?: boolean;
}

/** An answer to what is asked: it does something, or something more is asked. */
export type ArgumentChoice = {
  id: string;
  title: string;
  /** Quiet text at the end of the line. Found by typing, too. */
  note?: string;
  /** Why it cannot be chosen now. */
  unavailable?: string | null;
} & ({ run: () => void } | { next: Argument });

const ofChoice = (choice: ArgumentChoice, positions: readonly number[] = []): Hit => ({
  id: choice.id,
  title: choice.title,
  section: choice.note ?? "",
  unavailable: choice.unavailable,
  positions,
  ...("next" in choice
    ? { argument: { ...choice.next, required: true }, run: () => undefined }
    : { run: choice.run }),
});

/** The choices that answer a text, best first; without one all of them, in their order. */
export function narrowChoices(argument: Argument, choices: readonly ArgumentChoice[], text: string): Hit[] {
  if (text === "") return choices.map((choice) => ofChoice(choice));
  const typed = argument.typed?.(text);
  const found = choices
    .filter(({ id }) => id !== typed?.id)
    .flatMap((choice) => {
      const title = fuzzyMatch(text, choice.title);
      const note = choice.note === undefined ? null : fuzzyMatch(text, choice.note);
      const score = Math.max(title?.score ?? -Infinity, note?.score ?? -Infinity);
      return title || note ? [{ hit: ofChoice(choice, title?.positions), score }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ hit }) => hit);
  return typed ? [ofChoice(typed), ...found] : found;
}

/** What can be chosen for an argument; `path` names it. */
export function useArgumentHits(argument: Argument | null, path: readonly string[], text: string): Hits {
  const choices = argument?.choices ?? [];
  const asked = useQuery({
    queryKey: ["palette-argument", ...path],
    queryFn: () => (typeof choices === "function" ? choices() : choices),
    enabled: typeof choices === "function",
    gcTime: 0,
  });
  const known = typeof choices === "function" ? (asked.data ?? []) : choices;
  const wanted = text.trim();
  return {
    hits: argument ? narrowChoices(argument, known, wanted) : [],
    busy: typeof choices === "function" && asked.isFetching,
    error: asked.error,
    none: known.length === 0 && argument ? argument.none : `Nothing here matches “${wanted}”.`,
  };
}
