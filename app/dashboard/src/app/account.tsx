import { Menu, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconBook, IconLogout, IconUser } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "@/shared/api/session";
import { seen } from "@/shared/ui/outside";
import classes from "./account.module.css";
import { useSignOut } from "./sign-out";

const SCHEMES: Record<MantineColorScheme, string> = { auto: "As the system", light: "Light", dark: "Dark" };

/** Who is signed in, how the page looks to them, and the way out. */
export function Account() {
  const { data: me } = useQuery(meQuery);
  const { signOut, refused } = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!me) return null;
  const name = seen([me.user?.name, me.name].find(Boolean) ?? "");
  return (
    <>
      {refused}
      <Menu position="top-start" width={220} withinPortal withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <UnstyledButton className={classes.account} aria-label={`Account of ${name}`}>
            <IconUser aria-hidden size={18} stroke={1.6} />
            <span className={classes.name} dir="auto">
              {name}
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {me.name}
            {me.user ? `, ${me.user.role}` : ""}
          </Menu.Label>
          <Menu.Item component={Link} to="/settings/{-$tab}">
            Your account
          </Menu.Item>
          <Menu.Item component="a" href="/docs" leftSection={<IconBook aria-hidden size={16} />}>
            API docs
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Appearance</Menu.Label>
          <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
            {Object.entries(SCHEMES).map(([scheme, name]) => (
              <Menu.RadioItem key={scheme} value={scheme}>
                {name}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout aria-hidden size={16} />} onClick={signOut}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
