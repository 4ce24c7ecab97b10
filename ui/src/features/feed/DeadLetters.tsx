import { useState } from "react";
import { ErrorNotice } from "@/components/ErrorNotice";
import type { DeadLetterRow } from "@/ipc";
import { formatBytes, formatExact } from "@/lib/format";
import { DeadLetterDialog } from "./DeadLetterDialog";
import styles from "./DeadLetters.module.css";
import { reasonText } from "./reasons";
import section from "./section.module.css";

interface DeadLettersProps {
  letters: readonly DeadLetterRow[] | undefined;
  limit: number;
  error: unknown;
}

/** Records that could not be processed, newest first. */
export function DeadLetters({ letters, limit, error }: DeadLettersProps) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section className={section.section}>
      <h2 className={section.heading}>Dead letters</h2>
      {error ? <ErrorNotice error={error} /> : null}
      {letters?.length === 0 ? <p className={section.none}>Every record so far could be processed.</p> : null}
      {letters && letters.length > 0 ? (
        <>
          <div className={styles.box}>
            <table className={section.table}>
              <thead>
                <tr>
                  <th scope="col">Reason</th>
                  <th scope="col">What is wrong</th>
                  <th scope="col">Record</th>
                  <th scope="col" className={section.number}>
                    Size
                  </th>
                  <th scope="col">Set aside</th>
                </tr>
              </thead>
              <tbody>
                {letters.map((letter) => (
                  <tr key={letter.id}>
                    <td>
                      <button type="button" className={styles.open} onClick={() => setOpen(letter.id)}>
                        {reasonText(letter.reason)}
                      </button>
                    </td>
                    <td className={styles.detail} title={letter.detail}>
                      {letter.detail}
                    </td>
                    <td className={section.mono}>
                      {letter.topic} {letter.partition}:{letter.offset}
                    </td>
                    <td className={section.number}>{formatBytes(letter.payload_bytes)}</td>
                    <td className={styles.time}>{formatExact(letter.stored_at)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {letters.length === limit ? <p className={section.none}>The newest {limit} are shown.</p> : null}
        </>
      ) : null}
      <DeadLetterDialog id={open} onClose={() => setOpen(null)} />
    </section>
  );
}
