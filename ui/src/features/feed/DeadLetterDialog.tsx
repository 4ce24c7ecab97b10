import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { ErrorNotice } from "@/components/ErrorNotice";
import type { DeadLetterDetail } from "@/ipc";
import { decodeBase64, hexDump } from "@/lib/bytes";
import { formatBytes, formatExact } from "@/lib/format";
import styles from "./DeadLetterDialog.module.css";
import { reasonText } from "./reasons";

/** Bytes that the hex view shows; the base64 view and its copy are always whole. */
const HEX_BYTES = 16_384;
/** Characters that the text view shows. */
const TEXT_CHARS = 100_000;

/** One record that could not be processed: where it was, what is wrong with it, and its bytes. */
export function DeadLetterDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { host } = useServices();
  const { data, error } = useQuery({ ...asks.deadLetter(host, id ?? ""), enabled: id !== null });
  return (
    <Dialog open={id !== null} onClose={onClose} title="Dead letter" wide>
      {error ? <ErrorNotice error={error} /> : null}
      {data ? <Letter letter={data} /> : null}
    </Dialog>
  );
}

function Letter({ letter }: { letter: DeadLetterDetail }) {
  const { row } = letter;
  return (
    <>
      <p className={styles.reason}>
        <strong>{reasonText(row.reason)}</strong> {row.detail}
      </p>
      <p className={styles.facts}>
        <span>
          {row.source} · {row.topic} · partition {row.partition} · offset {row.offset}
        </span>
        <span>key {letter.key ?? "none"}</span>
        <span>{formatBytes(row.payload_bytes)}</span>
        <span>{formatExact(row.stored_at)}</span>
      </p>
      <Tabs.Root defaultValue={letter.payload_text === null ? "hex" : "text"}>
        <div className={styles.bar}>
          <Tabs.List className={styles.tabs}>
            {letter.payload_text === null ? null : (
              <Tabs.Tab className={styles.tab} value="text">
                Text
              </Tabs.Tab>
            )}
            <Tabs.Tab className={styles.tab} value="hex">
              Hex
            </Tabs.Tab>
            <Tabs.Tab className={styles.tab} value="base64">
              Base64
            </Tabs.Tab>
          </Tabs.List>
          <CopyButton
            text={letter.payload_text ?? letter.payload_base64}
            label={letter.payload_text === null ? "Copy base64" : "Copy text"}
          />
        </div>
        {letter.payload_text === null ? null : (
          <Tabs.Panel value="text">
            <pre className={styles.payload}>{letter.payload_text.slice(0, TEXT_CHARS)}</pre>
            {letter.payload_text.length > TEXT_CHARS ? (
              <p className={styles.cut}>Shown shortened. The copy is complete.</p>
            ) : null}
          </Tabs.Panel>
        )}
        <Tabs.Panel value="hex">
          <pre className={styles.payload}>{hexDump(decodeBase64(letter.payload_base64, HEX_BYTES))}</pre>
          {row.payload_bytes > HEX_BYTES ? (
            <p className={styles.cut}>
              The first {formatBytes(HEX_BYTES)} are shown. The base64 is complete.
            </p>
          ) : null}
        </Tabs.Panel>
        <Tabs.Panel value="base64">
          <pre className={styles.payload}>{letter.payload_base64}</pre>
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}
