import { HostError } from "@/ipc";

type Code = HostError["code"];

const TITLES: Record<Code, string> = {
  invalid_query: "The query cannot be run",
  invalid_input: "That does not fit together",
  not_found: "It is gone",
  store_unavailable: "The store cannot be read",
  store_locked: "Another Picket uses this store",
  read_only: "This can only be looked at",
  broker_unreachable: "The broker cannot be reached",
  keyring_unavailable: "The keyring is not available",
  file_exists: "A file of this name is there",
  busy: "Something else is running",
  withdrawn: "It was asked anew",
  internal: "Something in Picket failed",
};

const NEXT_STEPS: Record<Code, string | null> = {
  invalid_query: "Correct the query at the marked place.",
  invalid_input: null,
  not_found: "It was removed by retention or by a delete. Go back to the list and apply the waiting changes.",
  store_unavailable:
    "Check that the disk is there and has room, then try again. What is shown stays as it was.",
  store_locked: "Close the other window or the command line that writes to it, then try again.",
  read_only: null,
  broker_unreachable: "Open Connections and run the test: it shows which step fails.",
  keyring_unavailable:
    "Start or unlock the keyring of your desktop and save again, or refer to a variable with env:NAME.",
  file_exists: null,
  busy: "Wait until it has finished, or stop it first.",
  withdrawn: null,
  internal: "Try again. If it stays, copy the details into a report.",
};

/** An error in words: what failed, why, and what to do now. */
export interface ErrorWords {
  title: string;
  message: string;
  next: string | null;
  /** Everything that is known, for a report. */
  details: string;
  /** Whether trying again can help. */
  retryable: boolean;
}

/** Words for whatever a command was rejected with. */
export function errorWords(error: unknown): ErrorWords {
  const known = error instanceof HostError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const code = known?.code ?? "internal";
  return {
    title: TITLES[code],
    message,
    next: NEXT_STEPS[code],
    details: [`${code}: ${message}`, known?.detail].filter(Boolean).join("\n"),
    retryable: known?.retryable !== false,
  };
}
