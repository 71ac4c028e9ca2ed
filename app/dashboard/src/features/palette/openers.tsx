import { UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { KeysHint } from "@/shared/keys/keys-hint";
import { spokenKeys } from "@/shared/keys/spoken";
import { openHelp, openPalette } from "./opening";
import classes from "./palette.module.css";

/** For those who point: the palette and the help, with the keys that open them. */
export function PaletteOpeners() {
  return (
    <div className={classes.openers}>
      <UnstyledButton className={classes.search} onClick={openPalette} aria-keyshortcuts={spokenKeys("mod+k")}>
        <IconSearch aria-hidden size={15} stroke={1.8} />
        <span className={classes.searchWord}>Find or do</span>
        <KeysHint keys="mod+k" />
      </UnstyledButton>
      <UnstyledButton className={classes.help} onClick={openHelp} aria-label="Keys on this page" aria-keyshortcuts="?">
        ?
      </UnstyledButton>
    </div>
  );
}
