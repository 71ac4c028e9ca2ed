import { Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { Confirm } from "@/shared/ui/confirm";
import { seen } from "@/shared/ui/outside";
import { say } from "@/shared/ui/say";
import { takeOut } from "./acts";
import { nameOf } from "./names";
import type { Person } from "./queries";

/** Asks which address is somebody else's. */
export function TakeOutDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const last = person.identities.at(-1)?.address ?? "";
  const [address, setAddress] = useState(last);
  return (
    <Confirm
      title={`Take an address out of ${nameOf(person)}`}
      act="Take out"
      danger={false}
      choice={address}
      onDo={async (key) => {
        const { separated } = await takeOut(person, address, key);
        say(`${seen(address)} belongs to ${nameOf(separated)} now.`);
      }}
      onClose={onClose}
    >
      <Stack gap="md">
        <Radio.Group label="Which one is somebody else's?" value={address} onChange={setAddress}>
          <Stack gap="xs" mt="xs">
            {person.identities.map((each) => (
              <Radio
                key={each.address}
                value={each.address}
                label={<bdi>{seen(each.address)}</bdi>}
                description={each.name && <bdi>{seen(each.name)}</bdi>}
              />
            ))}
          </Stack>
        </Radio.Group>
        It becomes a person of its own. The two are not proposed as one again; you can join them by hand.
      </Stack>
    </Confirm>
  );
}
