import { Menu } from "@base-ui/react/menu";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { listSearch } from "@/app/place";
import { useServices } from "@/app/services";
import { ActionMenuPopup, type MenuEntry } from "@/components/ActionMenu";
import { cx } from "@/lib/classNames";
import { testIds } from "@/lib/testIds";
import styles from "./Value.module.css";
import { narrowed, type SearchableValue, valueTerm } from "./valueTerms";

/** One menu serves every value of the window: an event may have hundreds of them. */
const menu = Menu.createHandle<SearchableValue>();

interface ValueProps {
  /** The key that asks for it; `null` where there is none. */
  field: string | null;
  /** As it was sent. */
  value: string;
  className?: string | undefined;
  /** How it looks, where that is not the value itself. */
  children?: ReactNode;
}

/** A value that can be searched for: a click or Enter offers to filter by it, to exclude it, and to copy it. */
export function Value({ field, value, className, children }: ValueProps) {
  return (
    <Menu.Trigger
      handle={menu}
      payload={{ key: field, value }}
      className={cx(styles.value, className)}
      data-testid={testIds.value}
      data-field={field ?? undefined}
      data-value={value}
    >
      {children ?? value}
    </Menu.Trigger>
  );
}

/** What is offered for a {@link Value} that was clicked. Once in the window. */
export function ValueMenu() {
  return (
    <Menu.Root handle={menu} modal={false}>
      {({ payload }) => (payload ? <Offers of={payload} /> : null)}
    </Menu.Root>
  );
}

function Offers({ of }: { of: SearchableValue }) {
  const { inbox, toasts } = useServices();
  const navigate = useNavigate();
  const term = valueTerm(of);
  const search = (exclude: boolean) => {
    const list = inbox.search.get();
    if (term === null) return;
    const q = narrowed(list.q, term, exclude);
    void navigate({ to: "/inbox", search: listSearch({ ...list, q, group: list.group }) });
  };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(of.value);
      toasts.done("Copied the value");
    } catch (error) {
      toasts.failed("The value could not be copied", error, () => void copy());
    }
  };
  const cannot = term === null ? "a search cannot say this value" : undefined;
  const entries: MenuEntry[] = [
    {
      label: "Filter",
      note: cannot ?? `adds ${term} to the search`,
      disabled: term === null,
      testId: testIds.valueAction("filter"),
      run: () => search(false),
    },
    {
      label: "Exclude",
      note: cannot ?? `adds !${term} to the search`,
      disabled: term === null,
      testId: testIds.valueAction("exclude"),
      run: () => search(true),
    },
    { label: "Copy", testId: testIds.valueAction("copy"), run: () => void copy() },
  ];
  return <ActionMenuPopup entries={entries} align="start" />;
}
