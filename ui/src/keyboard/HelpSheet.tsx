import { Printer } from "lucide-react";
import { useState } from "react";
import { useServices } from "@/app/services";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { distinctKeys, keyText } from "@/lib/platform";
import { testIds } from "@/lib/testIds";
import { useValue } from "@/lib/valueStore";
import styles from "./HelpSheet.module.css";
import { KeyCaps } from "./KeyCaps";
import { KeyPaper } from "./KeyPaper";
import { usePressedKeys } from "./usePressedKeys";

/** The keys of this screen, read from the same registry that makes them work. */
export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Keys of this screen"
      wide
      footer={
        <>
          <span className={styles.paper}>Paper gets the keys of all screens.</span>
          <Button onClick={() => window.print()}>
            <Printer size={14} aria-hidden="true" /> Print
          </Button>
        </>
      }
    >
      <HelpBody />
      <KeyPaper />
    </Dialog>
  );
}

function HelpBody() {
  const { keyboard } = useServices();
  useValue(keyboard.version);
  const [filter, setFilter] = useState("");
  const pressed = usePressedKeys();
  const words = (keys: readonly string[] = []) => distinctKeys(keys).map((one) => keyText(pressed(one)));
  const wanted = filter.trim().toLowerCase();
  const bound = keyboard
    .actions()
    .filter((action) => action.keys && action.keys.length > 0)
    .filter((action) => `${action.title} ${words(action.keys).join(" ")}`.toLowerCase().includes(wanted));
  const sections = [...new Set(bound.map((action) => action.section))];
  return (
    <div data-testid={testIds.helpSheet}>
      <input
        className={styles.filter}
        data-autofocus=""
        type="search"
        aria-label="Filter keys"
        placeholder="Filter by action or key"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <div className={styles.columns}>
        {sections.map((section) => (
          <section key={section} className={styles.section}>
            <h3 className={styles.heading}>{section}</h3>
            <dl className={styles.keys}>
              {bound
                .filter((action) => action.section === section)
                .map((action) => (
                  <div key={action.id} className={styles.row}>
                    <dt>{action.title}</dt>
                    <dd>
                      <span className="visually-hidden">{words(action.keys).join(" or ")}</span>
                      {distinctKeys(action.keys ?? []).map((keys) => (
                        <KeyCaps key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        {sections.length === 0 ? <p className={styles.none}>No key matches “{filter}”.</p> : null}
      </div>
    </div>
  );
}
