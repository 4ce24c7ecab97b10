import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { useId, useState } from "react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import { testIds } from "@/lib/testIds";
import type { ViewName } from "./useViews";
import styles from "./ViewNameDialog.module.css";
import { ICON_NAMES, knownIcon, VIEW_ICONS } from "./viewIcons";

/** A choice needs a text where there is no sign. */
const NO_ICON = "none";

interface ViewNameDialogProps {
  title: string;
  /** What it is called now. */
  named: ViewName;
  onSave: (named: ViewName) => Promise<void>;
  onClose: () => void;
}

/** Asks for the name of a view, and for the sign in front of it. */
export function ViewNameDialog({ title, named, onSave, onClose }: ViewNameDialogProps) {
  const id = useId();
  const [name, setName] = useState(named.name);
  const [icon, setIcon] = useState(named.icon);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    setError(null);
    onSave({ name: name.trim(), icon }).then(onClose, setError);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} disabled={name.trim() === ""}>
            Save
          </Button>
        </>
      }
    >
      <form id={id} className={styles.form} onSubmit={submit}>
        {error ? <ErrorNotice error={error} /> : null}
        <label>
          Name
          <input
            data-autofocus=""
            data-testid={testIds.viewName}
            className={styles.input}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <RadioGroup
          aria-label="Icon"
          className={styles.icons}
          value={icon ?? NO_ICON}
          onValueChange={(next) => setIcon(knownIcon(next))}
        >
          <Radio.Root value={NO_ICON} className={styles.icon}>
            None
          </Radio.Root>
          {ICON_NAMES.map((one) => {
            const { title: words, Icon } = VIEW_ICONS[one];
            return (
              <Radio.Root key={one} value={one} className={styles.icon} aria-label={words} data-tip={words}>
                <Icon size={16} aria-hidden="true" />
              </Radio.Root>
            );
          })}
        </RadioGroup>
      </form>
    </Dialog>
  );
}
