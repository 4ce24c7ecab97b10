import type { ConnectionProfile } from "@/ipc";

/** A new connection: reads one local broker without login. */
export const NEW_PROFILE: ConnectionProfile = {
  name: "",
  environment: "local",
  bootstrap_servers: "localhost:9092",
  security: "plaintext",
  sasl_mechanism: null,
  username: "",
  password_ref: "",
  tls_ca_file: "",
  tls_certificate_file: "",
  tls_key_file: "",
  tls_verify_hostname: true,
  topics: ["ingest-occurrences"],
  mode: "observe",
  group_id: "",
  start: "latest",
};

/** Problems by field: what is wrong and what to do. */
export type Problems = Partial<Record<keyof ConnectionProfile, string>>;

export const usesTls = (profile: ConnectionProfile) =>
  profile.security === "ssl" || profile.security === "sasl_ssl";
export const usesLogin = (profile: ConnectionProfile) =>
  profile.security === "sasl_plaintext" || profile.security === "sasl_ssl";

function serverProblem(servers: string): string | null {
  const list = servers.split(",").map((server) => server.trim());
  if (list.every((server) => server === ""))
    return "At least one broker is needed, for example kafka-1:9092.";
  for (const server of list) {
    const match = /^(?:\[[0-9a-fA-F:]+\]|[^\s:/]+):(\d{1,5})$/.exec(server);
    if (!match) return `“${server}” is not host:port. Write for example kafka-1.example.com:9093.`;
    if (Number(match[1]) < 1 || Number(match[1]) > 65_535)
      return `Port ${match[1]} does not exist; ports go up to 65535.`;
  }
  return null;
}

/** Everything that keeps a profile from being saved. Names of other connections make `name` unique. */
export function validate(profile: ConnectionProfile, otherNames: readonly string[]): Problems {
  const problems: Problems = {};
  const name = profile.name.trim();
  if (name === "") problems.name = "A name is needed; it is shown wherever this cluster is meant.";
  else if (name === "demo") problems.name = "“demo” is the built-in feed. Choose another name.";
  else if (otherNames.includes(name)) problems.name = `Another connection is called “${name}” already.`;

  const servers = serverProblem(profile.bootstrap_servers);
  if (servers) problems.bootstrap_servers = servers;
  if (usesLogin(profile) && profile.sasl_mechanism === null) {
    problems.sasl_mechanism = "Choose how to log in; SCRAM-SHA-512 is the usual one.";
  }
  if (usesLogin(profile) && profile.username.trim() === "") {
    problems.username = "The broker expects a user with this security. Enter its name.";
  }
  if (usesTls(profile) && (profile.tls_certificate_file === "") !== (profile.tls_key_file === "")) {
    const missing = profile.tls_key_file === "" ? "tls_key_file" : "tls_certificate_file";
    problems[missing] = "A client certificate and its key belong together. Give both files, or neither.";
  }
  const badTopic = profile.topics.find((topic) => !/^[A-Za-z0-9._-]{1,249}$/.test(topic));
  if (profile.topics.length === 0)
    problems.topics = "At least one topic is needed, for example ingest-occurrences.";
  else if (badTopic !== undefined) {
    problems.topics = `“${badTopic}” cannot be a topic: only letters, digits, dot, dash and underscore.`;
  }
  if (profile.environment === "production" && profile.mode === "group") {
    problems.mode = "Production is only observed. Choose Observe, or another environment.";
  }
  if (profile.mode === "group" && profile.group_id.trim() === "") {
    problems.group_id = "Group mode needs the name of the consumer group to join.";
  }
  return problems;
}

/** The profile without what its security and mode do not use, so that nothing hidden is saved. */
export function tidy(profile: ConnectionProfile): ConnectionProfile {
  const login = usesLogin(profile);
  const tls = usesTls(profile);
  return {
    ...profile,
    name: profile.name.trim(),
    bootstrap_servers: profile.bootstrap_servers
      .split(",")
      .map((server) => server.trim())
      .filter(Boolean)
      .join(","),
    sasl_mechanism: login ? profile.sasl_mechanism : null,
    username: login ? profile.username : "",
    password_ref: login ? profile.password_ref : "",
    tls_ca_file: tls ? profile.tls_ca_file : "",
    tls_certificate_file: tls ? profile.tls_certificate_file : "",
    tls_key_file: tls ? profile.tls_key_file : "",
    tls_verify_hostname: tls ? profile.tls_verify_hostname : true,
    mode: profile.environment === "production" ? "observe" : profile.mode,
    group_id: profile.mode === "group" ? profile.group_id.trim() : "",
  };
}

/** Topics as they are typed: separated by commas or blanks. */
export function readTopics(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
