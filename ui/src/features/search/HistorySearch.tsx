import { History } from "lucide-react";
import { Popover } from "@/components/Popover";
import { TypeAhead } from "@/components/TypeAhead";
import { testIds } from "@/lib/testIds";
import { pastQueries } from "./queryHistory";

interface HistorySearchProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  anchor: () => Element | null;
  returnFocus: () => HTMLElement | null;
  onChoose: (query: string) => void;
}

/** Finds a search that was run before. */
export function HistorySearch({ open, onOpenChange, anchor, returnFocus, onChoose }: HistorySearchProps) {
  return (
    <Popover
      open={open}
      onOpenChange={onOpenChange}
      label="Past searches"
      anchor={anchor}
      returnFocus={returnFocus}
      wide
    >
      {open ? (
        <TypeAhead
          label="Past searches"
          placeholder="Part of a search that was run before"
          testId={testIds.historyInput}
          options={pastQueries().map((query) => ({
            value: query,
            label: query,
            icon: <History size={14} aria-hidden="true" />,
          }))}
          empty="No search has been run with Enter yet."
          onChoose={(query) => {
            onOpenChange(false);
            onChoose(query);
          }}
        />
      ) : null}
    </Popover>
  );
}
