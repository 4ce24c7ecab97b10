import { Tabs } from "@base-ui/react/tabs";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Ref, useState } from "react";
import { asks } from "@/app/queries";
import { useServices } from "@/app/services";
import { CopyButton } from "@/components/CopyButton";
import { ErrorNotice } from "@/components/ErrorNotice";
import { JsonViewer } from "@/components/json/JsonViewer";
import { ProgressLine } from "@/components/ProgressLine";
import { useNow } from "@/components/useNow";
import { useRested } from "@/components/useRested";
import { When } from "@/components/When";
import { reasonWords } from "@/features/outcomes/reasons";
import type { DeadLetterDetail } from "@/ipc";
import { decodeBase64, hexDump } from "@/lib/bytes";
import { formatBytes, plural } from "@/lib/format";
import { layoutJson } from "@/lib/jsonLayout";
import { testIds } from "@/lib/testIds";
import styles from "./LetterDetail.module.css";
import { byteExcerpt, type Excerpt, type LetterPlace, placesOf, textExcerpt } from "./letterPlace";

/** Bytes that the hex view shows; the base64 view and its copy are always whole. */
const HEX_BYTES = 16_384;
/** Characters that the text view shows. */
const TEXT_CHARS = 100_000;
/** Values larger than this are not laid out as JSON. */
const LAYOUT_CHARS = 4_000_000;
/** Rest of the cursor before the letter under it is read. */
const REST_MS = 80;

/** The letter under the cursor: what is wrong, where, what to do, where it came from, and its bytes. */
export function LetterDetail({ id, ref }: { id: string; ref: Ref<HTMLElement> }) {
  const { host } = useServices();
  const rested = useRested(id, REST_MS);
  const answer = useQuery({ ...asks.deadLetter(host, rested), placeholderData: keepPreviousData });
  return (
    <section
      ref={ref}
      className={styles.detail}
      aria-label="Letter under the cursor"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      data-region="letter"
      data-region-focus=""
      data-testid={testIds.deadLetterDetail}
      data-letter-id={answer.data?.row.id}
    >
      <ProgressLine busy={answer.isFetching} label="Reading the record" />
      {answer.error ? <ErrorNotice error={answer.error} onRetry={() => void answer.refetch()} /> : null}
      {answer.data ? <Letter key={answer.data.row.id} letter={answer.data} /> : null}
    </section>
  );
}

function Letter({ letter }: { letter: DeadLetterDetail }) {
  const { row, payload_text: text } = letter;
  const now = useNow();
  const words = reasonWords(row.reason);
  const places = placesOf(row.detail);
  const [layout] = useState(() => (text !== null && text.length <= LAYOUT_CHARS ? layoutJson(text) : null));
  const marks = places.flatMap((place) => {
    if (place.kind !== "path" || !layout) return [];
    const line = layout.lineOf(place.path) ?? layout.lineOf(place.path.slice(0, -1));
    return line === null ? [] : [line];
  });
  return (
    <>
      <h2 className={styles.title}>{words.label}</h2>
      <p className={styles.what}>{row.detail}</p>
      <p className={styles.why}>
        {words.why} {words.fix}
      </p>
      <Places places={places} letter={letter} found={(place) => layout?.lineOf(place.path) != null} />
      <dl className={styles.facts}>
        <Fact name="Source">{row.source}</Fact>
        <Fact name="Topic">
          <code>{row.topic}</code>
        </Fact>
        <Fact name="Partition">
          <code>{row.partition}</code>
        </Fact>
        <Fact name="Offset">
          <code>{row.offset}</code>
        </Fact>
        <Fact name="Key">{letter.key === null ? "none" : <code>{letter.key}</code>}</Fact>
        <Fact name="Size">{formatBytes(row.payload_bytes)}</Fact>
        <Fact name="Set aside">
          <When time={row.stored_at} now={now} />
        </Fact>
        <Fact name="State">
          {row.state}, processed {plural(row.attempts, "time")}
        </Fact>
      </dl>
      <Tabs.Root defaultValue={layout ? "decoded" : text === null ? "hex" : "text"}>
        <div className={styles.bar}>
          <Tabs.List className={styles.tabs}>
            {layout ? <Tab value="decoded">Decoded</Tab> : null}
            {text === null ? null : <Tab value="text">Text</Tab>}
            <Tab value="hex">Hex</Tab>
            <Tab value="base64">Base64</Tab>
          </Tabs.List>
          <CopyButton
            text={text ?? letter.payload_base64}
            label={text === null ? "Copy base64" : "Copy text"}
          />
        </div>
        {layout ? (
          <Tabs.Panel value="decoded" data-testid={testIds.deadLetterValue("decoded")}>
            <JsonViewer text={layout.text} label="Value" marks={marks} />
          </Tabs.Panel>
        ) : null}
        {text === null ? null : (
          <Tabs.Panel value="text" data-testid={testIds.deadLetterValue("text")}>
            <pre className={styles.payload}>{text.slice(0, TEXT_CHARS)}</pre>
            {text.length > TEXT_CHARS ? (
              <p className={styles.cut}>Shown shortened. The copy is complete.</p>
            ) : null}
          </Tabs.Panel>
        )}
        <Tabs.Panel value="hex" data-testid={testIds.deadLetterValue("hex")}>
          <pre className={styles.payload}>{hexDump(decodeBase64(letter.payload_base64, HEX_BYTES))}</pre>
          {row.payload_bytes > HEX_BYTES ? (
            <p className={styles.cut}>
              The first {formatBytes(HEX_BYTES)} are shown. The base64 is complete.
            </p>
          ) : null}
        </Tabs.Panel>
        <Tabs.Panel value="base64" data-testid={testIds.deadLetterValue("base64")}>
          <pre className={styles.payload}>{letter.payload_base64}</pre>
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}

function Tab({ value, children }: { value: string; children: string }) {
  return (
    <Tabs.Tab className={styles.tab} value={value}>
      {children}
    </Tabs.Tab>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface PlacesProps {
  places: readonly LetterPlace[];
  letter: DeadLetterDetail;
  /** Whether the value has something at a path. */
  found: (place: LetterPlace & { kind: "path" }) => boolean;
}

/** Where in the value the reading broke. */
function Places({ places, letter, found }: PlacesProps) {
  if (places.length === 0) return null;
  return (
    <div className={styles.places} data-testid={testIds.deadLetterPlace}>
      {places.map((place) => {
        if (place.kind === "path") {
          return (
            <p key={place.name} className={styles.place}>
              <span className={styles.where}>{found(place) ? "At" : "Missing"}</span>
              <code>{place.name}</code>
            </p>
          );
        }
        if (place.kind === "text") {
          const { payload_text: text } = letter;
          return (
            <p key="text" className={styles.place}>
              <span className={styles.where}>
                Line {place.line}, column {place.column}
              </span>
              {text === null ? null : <Piece {...textExcerpt(text, place.line, place.column)} />}
            </p>
          );
        }
        const bytes = decodeBase64(letter.payload_base64, place.at + 64);
        return (
          <p key="byte" className={styles.place}>
            <span className={styles.where}>Byte {place.at}</span>
            <Piece {...byteExcerpt(bytes, place.at)} spaced />
          </p>
        );
      })}
    </div>
  );
}

function Piece({ before, at, after, spaced }: Excerpt & { spaced?: boolean }) {
  const space = spaced ? " " : "";
  return (
    <code className={styles.piece}>
      {before}
      {space}
      <mark>{at}</mark>
      {space}
      {after}
    </code>
  );
}
