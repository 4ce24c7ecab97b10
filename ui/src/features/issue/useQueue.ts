import { useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { useServices } from "@/app/services";
import { useLastList } from "@/features/inbox/useIssueList";
import { formatCount } from "@/lib/format";

/** The list an issue was opened from, as a queue to walk through. */
export interface Queue {
  /** Place of the issue in the list, from 1; null when it is not part of it. */
  place: number | null;
  /** How long it is, in words; while it is still being read, how long at least. */
  length: string;
  /** Opens the neighbour, or null at the end. */
  next: (() => void) | null;
  previous: (() => void) | null;
  /** Back to the list, at the row of this issue, or to the triage it was opened from. */
  leave: () => void;
  /** Where that leads. */
  leavesTo: "Inbox" | "Triage";
}

/** The frozen order of the inbox around an issue. */
export function useQueue(id: string): Queue {
  const { inbox } = useServices();
  const navigate = useNavigate();
  const router = useRouter();
  const fromInbox = useLocation({ select: (location) => location.state.fromInbox === true });
  const fromTriage = useLocation({ select: (location) => location.state.fromTriage === true });
  const list = useLastList();
  const ids = list?.snapshot.ids ?? [];
  const index = ids.indexOf(id);

  const open = (target: number) => () => {
    inbox.moveCursor(target);
    // Replacing keeps one step back to the list, however many issues were walked through.
    void navigate({
      to: "/issue/$id",
      params: { id: ids[target] as string },
      replace: true,
      state: (previous) => previous,
    });
  };
  return {
    place: index === -1 ? null : index + 1,
    length: `${formatCount(list?.snapshot.total ?? 0)}${list?.isHead ? "+" : ""}`,
    next: index !== -1 && index + 1 < ids.length ? open(index + 1) : null,
    previous: index > 0 ? open(index - 1) : null,
    leave: () => {
      if (fromInbox || fromTriage) router.history.back();
      else void navigate(inbox.link());
    },
    leavesTo: fromTriage ? "Triage" : "Inbox",
  };
}
