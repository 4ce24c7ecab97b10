import { Popover } from "@/components/Popover";
import { Calendar } from "./Calendar";
import { dayOf } from "./days";
import type { DayChoice } from "./useCompletion";

interface DayChooserProps {
  /** What a day is chosen for; null while none is. */
  choosing: Pick<DayChoice, "day"> | null;
  /** A day was chosen, as a search writes it. */
  onChoose: (day: string) => void;
  onClose: () => void;
  anchor: () => Element | null;
  returnFocus: () => HTMLElement | null;
}

/** A calendar below a field, for the time that is being typed there. */
export function DayChooser({ choosing, onChoose, onClose, anchor, returnFocus }: DayChooserProps) {
  const now = Date.now();
  return (
    <Popover
      open={choosing !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      label="Choose a day"
      anchor={anchor}
      returnFocus={returnFocus}
    >
      {choosing ? <Calendar start={choosing.day ?? dayOf(now)} now={now} onChoose={onChoose} /> : null}
    </Popover>
  );
}
