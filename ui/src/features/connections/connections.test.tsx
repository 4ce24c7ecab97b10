import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testIds } from "@/lib/testIds";
import { renderApp } from "@/test/renderApp";
import { NEW_PROFILE, readTopics, tidy, validate } from "./formModel";

const field = (name: string) => screen.findByTestId(testIds.connectionField(name));

async function enter(name: string, value: string): Promise<void> {
  fireEvent.change(await field(name), { target: { value } });
}

describe("the connection form", () => {
  it("says what is wrong at the field, and saves once it is right", async () => {
    const { host } = await renderApp({ at: "/connections?new=true", noConnections: true });
    await enter("bootstrap_servers", "kafka");
    fireEvent.click(await screen.findByTestId(testIds.connectionSave));
    expect(await screen.findByText(/is not host:port/)).toBeTruthy();
    expect((await field("name")).getAttribute("aria-invalid")).toBe("true");
    expect(await host.connectionList()).toEqual([]);

    await enter("bootstrap_servers", "kafka:9092");
    await enter("name", "mine");
    fireEvent.click(screen.getByTestId(testIds.connectionSave));
    await waitFor(async () =>
      expect((await host.connectionList()).map((profile) => profile.name)).toEqual(["mine"]),
    );
    expect(await screen.findByRole("heading", { name: "mine" })).toBeTruthy();
  });

  it("shows only the fields that the security uses", async () => {
    const secured = await renderApp({ at: "/connections?name=staging-eu" });
    expect(await field("username")).toBeTruthy();
    expect(await field("tls_ca_file")).toBeTruthy();
    secured.unmount();
    await renderApp({ at: "/connections?new=true" });
    await field("name");
    expect(screen.queryByTestId(testIds.connectionField("username"))).toBeNull();
    expect(screen.queryByTestId(testIds.connectionField("tls_ca_file"))).toBeNull();
  });

  it("warns while the host name is not checked", async () => {
    await renderApp({ at: "/connections?name=staging-eu" });
    fireEvent.click(await field("tls_verify_hostname"));
    expect(await screen.findByText(/pose as this cluster/)).toBeTruthy();
  });

  it("shows the ladder and what to do about the step that failed", async () => {
    await renderApp({ at: "/connections?name=staging-eu" });
    await enter("bootstrap_servers", "unreachable:9092");
    fireEvent.click(screen.getByTestId(testIds.connectionTest));
    expect(await screen.findByText("Stopped at “TCP”")).toBeTruthy();
    expect(screen.getByText(/firewall/)).toBeTruthy();
    expect(screen.getAllByText("not tried")).toHaveLength(4);
  });

  it("keeps what was typed when the keyring cannot be reached", async () => {
    const { host } = await renderApp({ at: "/connections?name=staging-eu", keyring: false });
    fireEvent.click(await screen.findByRole("button", { name: "Replace" }));
    await enter("password", "secret");
    fireEvent.click(screen.getByTestId(testIds.connectionSave));
    expect(await screen.findByText("The keyring is not available")).toBeTruthy();
    expect(await field("password")).toHaveProperty("value", "secret");
    expect((await host.connectionList())[0]?.password_ref).toBe("keyring:staging-eu");
  });

  it("asks before it deletes", async () => {
    const { host } = await renderApp({ at: "/connections?name=staging-eu" });
    fireEvent.click(await screen.findByRole("button", { name: "Delete…" }));
    const dialog = await screen.findByRole("dialog");
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete the connection" }));
    await waitFor(async () => expect(await host.connectionList()).toHaveLength(1));
  });
});

describe("the form's rules", () => {
  const valid = { ...NEW_PROFILE, name: "a" };

  it("accept several servers, also by address", () => {
    expect(validate({ ...valid, bootstrap_servers: "a:9092, 10.0.0.1:9093,[::1]:9094" }, [])).toEqual({});
    expect(validate({ ...valid, bootstrap_servers: "a:99999" }, []).bootstrap_servers).toContain("65535");
  });

  it("refuse names that are taken or built in", () => {
    expect(validate({ ...valid, name: "b" }, ["b"]).name).toContain("already");
    expect(validate({ ...valid, name: "demo" }, []).name).toContain("built-in");
  });

  it("only observe production", () => {
    const profile = { ...valid, environment: "production", mode: "group", group_id: "g" } as const;
    expect(validate(profile, []).mode).toContain("observed");
    expect(tidy(profile).mode).toBe("observe");
  });

  it("want a certificate and its key together", () => {
    expect(
      validate({ ...valid, security: "ssl", tls_certificate_file: "c.pem" }, []).tls_key_file,
    ).toBeTruthy();
  });

  it("drop what the security does not use", () => {
    expect(tidy({ ...valid, username: "u", tls_ca_file: "ca.pem", sasl_mechanism: "PLAIN" })).toMatchObject({
      username: "",
      tls_ca_file: "",
      sasl_mechanism: null,
    });
  });

  it("read topics however they are separated", () => {
    expect(readTopics(" a, b\nc ,")).toEqual(["a", "b", "c"]);
  });
});
