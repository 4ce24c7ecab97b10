import { Checkbox } from "@base-ui/react/checkbox";
import { Check, TriangleAlert } from "lucide-react";
import { Select } from "@/components/Select";
import type { ConnectionProfile } from "@/ipc";
import styles from "./ConnectionForm.module.css";
import { Field } from "./Field";
import { type Problems, readTopics, usesLogin, usesTls } from "./formModel";
import { PasswordField } from "./PasswordField";

const ENVIRONMENTS = [
  { value: "local", label: "Local", note: "on this computer" },
  { value: "dev", label: "Dev", note: "shared development" },
  { value: "staging", label: "Staging" },
  { value: "production", label: "Production", note: "only ever observed; asks at each start" },
] as const;

const SECURITY = [
  { value: "plaintext", label: "PLAINTEXT", note: "neither encryption nor login" },
  { value: "ssl", label: "SSL", note: "encryption" },
  { value: "sasl_plaintext", label: "SASL_PLAINTEXT", note: "login without encryption" },
  { value: "sasl_ssl", label: "SASL_SSL", note: "login over encryption" },
] as const;

const MECHANISMS = [
  { value: "SCRAM-SHA-512", label: "SCRAM-SHA-512" },
  { value: "SCRAM-SHA-256", label: "SCRAM-SHA-256" },
  { value: "PLAIN", label: "PLAIN" },
] as const;

const STARTS = [
  { value: "latest", label: "Only what arrives from now on" },
  { value: "earliest", label: "The oldest record that is still there" },
] as const;

interface ConnectionFormProps {
  profile: ConnectionProfile;
  problems: Problems;
  /** Topics as typed, so that a separator can be typed at all. */
  topicsText: string;
  onTopicsText: (text: string) => void;
  password: string | null;
  onPassword: (password: string | null) => void;
  onChange: (change: Partial<ConnectionProfile>) => void;
}

/** The fields of a connection. Those that its security and mode do not use are not there. */
export function ConnectionForm(props: ConnectionFormProps) {
  const { profile, problems, topicsText, onTopicsText, password, onPassword, onChange } = props;
  const text = (
    field: "name" | "bootstrap_servers" | "username" | "group_id" | TlsFile,
    label: string,
    hint?: string,
  ) => (
    <Field label={label} field={field} hint={hint} problem={problems[field]}>
      {(control) => (
        <input
          {...control}
          type="text"
          spellCheck={false}
          autoComplete="off"
          value={profile[field]}
          onChange={(event) => onChange({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  const production = profile.environment === "production";
  return (
    <div className={styles.form}>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>Cluster</legend>
        {text("name", "Name")}
        <Field label="Environment" field="environment">
          {(control) => (
            <Select
              id={control.id}
              testId={control["data-testid"]}
              value={profile.environment}
              choices={ENVIRONMENTS}
              onChange={(environment) =>
                onChange(environment === "production" ? { environment, mode: "observe" } : { environment })
              }
            />
          )}
        </Field>
        {text("bootstrap_servers", "Bootstrap servers", "host:port, several separated by commas")}
      </fieldset>

      <fieldset className={styles.group}>
        <legend className={styles.legend}>Security</legend>
        <Field label="Protocol" field="security">
          {(control) => (
            <Select
              id={control.id}
              testId={control["data-testid"]}
              value={profile.security}
              choices={SECURITY}
              onChange={(security) => {
                const login = usesLogin({ ...profile, security });
                onChange({
                  security,
                  sasl_mechanism: login ? (profile.sasl_mechanism ?? "SCRAM-SHA-512") : null,
                });
              }}
            />
          )}
        </Field>
        {usesLogin(profile) ? (
          <>
            <Field
              label="Mechanism"
              field="sasl_mechanism"
              problem={problems.sasl_mechanism}
              hint={
                profile.security === "sasl_plaintext" && profile.sasl_mechanism === "PLAIN"
                  ? "PLAIN without encryption sends the password readable over the network."
                  : undefined
              }
            >
              {(control) => (
                <Select
                  id={control.id}
                  testId={control["data-testid"]}
                  value={profile.sasl_mechanism ?? "SCRAM-SHA-512"}
                  choices={MECHANISMS}
                  onChange={(sasl_mechanism) => onChange({ sasl_mechanism })}
                />
              )}
            </Field>
            {text("username", "User")}
            <PasswordField reference={profile.password_ref} value={password} onChange={onPassword} />
          </>
        ) : null}
        {usesTls(profile) ? <TlsFields profile={profile} text={text} onChange={onChange} /> : null}
      </fieldset>

      <fieldset className={styles.group}>
        <legend className={styles.legend}>Reading</legend>
        <Field label="Topics" field="topics" hint="separated by commas" problem={problems.topics}>
          {(control) => (
            <input
              {...control}
              type="text"
              spellCheck={false}
              autoComplete="off"
              value={topicsText}
              onChange={(event) => {
                onTopicsText(event.target.value);
                onChange({ topics: readTopics(event.target.value) });
              }}
            />
          )}
        </Field>
        <Field
          label="Mode"
          field="mode"
          problem={problems.mode}
          hint={
            profile.mode === "observe"
              ? "Reads every partition, joins no group and commits nothing to the broker."
              : "Shares the partitions with the other members of the group, and takes some of them over."
          }
        >
          {(control) => (
            <Select
              id={control.id}
              testId={control["data-testid"]}
              value={profile.mode}
              choices={[
                { value: "observe", label: "Observe" },
                {
                  value: "group",
                  label: "Group",
                  disabled: production,
                  ...(production ? { note: "not on production" } : {}),
                },
              ]}
              onChange={(mode) => onChange({ mode })}
            />
          )}
        </Field>
        {profile.mode === "group" ? text("group_id", "Consumer group") : null}
        <Field label="Start" field="start" hint="Only for partitions that this store has not read before.">
          {(control) => (
            <Select
              id={control.id}
              testId={control["data-testid"]}
              value={profile.start}
              choices={STARTS}
              onChange={(start) => onChange({ start })}
            />
          )}
        </Field>
      </fieldset>
    </div>
  );
}

type TlsFile = "tls_ca_file" | "tls_certificate_file" | "tls_key_file";

interface TlsFieldsProps {
  profile: ConnectionProfile;
  text: (field: TlsFile, label: string, hint?: string) => React.ReactNode;
  onChange: (change: Partial<ConnectionProfile>) => void;
}

function TlsFields({ profile, text, onChange }: TlsFieldsProps) {
  return (
    <>
      {text("tls_ca_file", "CA file", "PEM; empty for the authorities the system trusts")}
      {text("tls_certificate_file", "Client certificate", "PEM; empty for none")}
      {text("tls_key_file", "Client key", "PEM; belongs to the client certificate")}
      <Field label="Host name" field="tls_verify_hostname">
        {({ id, ...control }) => (
          <>
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is a control, only not a native one */}
            <label className={styles.check}>
              <Checkbox.Root
                {...control}
                id={id}
                className={styles.box}
                checked={profile.tls_verify_hostname}
                onCheckedChange={(checked) => onChange({ tls_verify_hostname: checked })}
              >
                <Checkbox.Indicator>
                  <Check size={12} strokeWidth={3} />
                </Checkbox.Indicator>
              </Checkbox.Root>
              The certificate must name the host
            </label>
            {profile.tls_verify_hostname ? null : (
              <p className={styles.warning} role="alert">
                <TriangleAlert size={14} aria-hidden="true" />
                Any holder of a trusted certificate can now pose as this cluster and read the login. Use the
                name that the certificate has instead, if you can.
              </p>
            )}
          </>
        )}
      </Field>
    </>
  );
}
