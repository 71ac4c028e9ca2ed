import { Radio, Stack, TextInput } from "@mantine/core";
import type { Schema } from "@/shared/api/client";
import type { Kind } from "@/shared/api/integrations";

/** How a new integration gets at its account. */
export type Access = { way: "link" | "account" | "demo"; account: string; user: string };

export const BY_LINK: Access = { way: "link", account: "", user: "" };

export function gatewayOf({ way, account, user }: Access): Schema<"GatewayIn"> | null {
  if (way === "link") return null;
  if (way === "demo") return { name: "demo" };
  return { name: "composio", connected_account_id: account.trim() || null, user_id: user.trim() || null };
}

/** By a link, by an account that is connected elsewhere, or, for looking around, invented. */
export function AccessFields({
  kind,
  access,
  errors,
  onChange,
}: {
  kind: Kind;
  access: Access;
  errors: Record<string, string>;
  onChange: (access: Access) => void;
}) {
  const gateways = kind.live?.gateways ?? [];
  const service = kind.live?.service ?? kind.title;
  return (
    <Stack gap="sm">
      <Radio.Group label="Access" value={access.way} onChange={(way) => onChange({ ...access, way: way })}>
        <Stack gap="xs" mt={4}>
          {gateways.includes("composio") && (
            <>
              <Radio
                value="link"
                label={`By a link to ${service}`}
                description="The next step makes it. Whoever owns the account follows it."
              />
              <Radio
                value="account"
                label="By an account that is connected at Composio already"
                description="You know its id, or it is the only one of its user."
              />
            </>
          )}
          {gateways.includes("demo") && (
            <Radio
              value="demo"
              label="Demo data"
              description="Invented work of an invented company, marked as a sample."
            />
          )}
        </Stack>
      </Radio.Group>
      {access.way === "account" && (
        <>
          <TextInput
            label="Connected account"
            description="Empty: the only account that this user has connected."
            placeholder="ca_…"
            value={access.account}
            error={errors.gateway}
            maxLength={200}
            onChange={(event) => onChange({ ...access, account: event.currentTarget.value })}
          />
          <TextInput
            label="User at Composio"
            description="Empty: COMPOSIO_USER_ID of the server."
            value={access.user}
            maxLength={200}
            onChange={(event) => onChange({ ...access, user: event.currentTarget.value })}
          />
        </>
      )}
    </Stack>
  );
}
