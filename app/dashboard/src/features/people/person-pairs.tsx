import { Badge, Button, Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useMay } from "@/shared/api/session";
import { useOnce } from "@/shared/api/use-once";
import { seen } from "@/shared/ui/outside";
import { PagedList } from "@/shared/ui/paged";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { canTakeBack, joinPeople, notOne, proposeAgain, takeJoinBack } from "./acts";
import { apartNames, nameOf, withoutSettled } from "./names";
import classes from "./people.module.css";
import { suggestionsQuery, type Person, type Suggestion } from "./queries";
import { Section } from "./section";
import { SettledList } from "./settled-list";
import { UsSwitch } from "./us-switch";
import { useSettling, type Settled } from "./use-settling";

const STRENGTHS: Record<Suggestion["strength"], string> = { weak: "Perhaps", likely: "Likely", strong: "Very likely" };

const keyOf = ({ a, b }: Pick<Suggestion, "a" | "b">) => `people-${a.id}-${b.id}`;

async function join(pair: Suggestion, key: string): Promise<Settled> {
  const { a: stays, b: going } = pair;
  const [first, second] = apartNames(stays, going);
  const now = await joinPeople(going, stays, key);
  return {
    key: keyOf(pair),
    sentence: `${first} and ${second} are one person now.`,
    takeBack: canTakeBack(going) ? async (act) => keyOf(await takeJoinBack({ gone: going, stays, now }, act)) : null,
  };
}

async function keepApart(pair: Suggestion, key: string): Promise<Settled> {
  await notOne(pair, key);
  const [first, second] = apartNames(pair.a, pair.b);
  return {
    key: keyOf(pair),
    sentence: `${first} and ${second} stay two, and are not proposed again.`,
    takeBack: async () => {
      await proposeAgain(pair.a.id, pair.b.id);
      return keyOf(pair);
    },
  };
}

/** People who may be one, each pair with what speaks for it. Nothing is joined before somebody says so. */
export function PersonPairs() {
  const pairs = useInfiniteQuery(suggestionsQuery);
  const { heading, list, settled, keys, settle, unsettle } = useSettling();
  return (
    <Section
      title="Perhaps one person"
      heading={heading}
      about="The same name or mailbox under several addresses. Once they are joined, what either wrote counts for both."
    >
      <SettledList settled={settled} onTakenBack={unsettle} />
      <PagedList
        query={pairs}
        empty={
          <p className={classes.none}>
            Nothing to settle. People with the same name or mailbox under several addresses would stand here, with what
            speaks for it.
          </p>
        }
      >
        {(rows) => {
          const left = withoutSettled(rows, keys, keyOf);
          if (left.length === 0) return <p className={classes.none}>All of them are settled.</p>;
          return (
            <ul ref={list} className={classes.pairs}>
              {left.map((pair) => (
                <Pair key={keyOf(pair)} pair={pair} onSettled={(entry) => settle(entry, left.map(keyOf))} />
              ))}
            </ul>
          );
        }}
      </PagedList>
    </Section>
  );
}

function Pair({ pair, onSettled }: { pair: Suggestion; onSettled: (entry: Settled) => void }) {
  const id = useId();
  const may = useMay();
  const joining = useOnce({ mutationFn: join, onSuccess: onSettled });
  const parting = useOnce({ mutationFn: keepApart, onSuccess: onSettled });
  const error = joining.error ?? parting.error;
  return (
    <li className={classes.pair} data-pair={keyOf(pair)} tabIndex={-1} aria-labelledby={id}>
      <div className={classes.sides} id={id}>
        <Side person={pair.a} />
        <Side person={pair.b} />
      </div>
      <ul className={classes.because} id={`${id}-because`}>
        {pair.evidence.map((each) => (
          <li key={each} dir="auto">
            {seen(each)}
          </li>
        ))}
      </ul>
      <Group gap="xs">
        {may("tasks:write") && (
          <>
            <Button
              size="sm"
              aria-describedby={`${id} ${id}-because`}
              loading={joining.isPending}
              disabled={parting.isPending}
              onClick={() => joining.mutate(pair)}
            >
              The same person
            </Button>
            <Button
              size="sm"
              variant="default"
              aria-describedby={id}
              loading={parting.isPending}
              disabled={joining.isPending}
              onClick={() => parting.mutate(pair)}
            >
              Not the same
            </Button>
          </>
        )}
        <Badge variant="default" tt="none" fw={500}>
          {STRENGTHS[pair.strength]}
        </Badge>
      </Group>
      {error && <ProblemPanel error={error} />}
    </li>
  );
}

function Side({ person }: { person: Person }) {
  const name = nameOf(person);
  const addresses = person.identities.map(({ address }) => seen(address)).join(", ");
  return (
    <div className={classes.side}>
      <h3 dir="auto">{name}</h3>
      {addresses !== name && (
        <p className={classes.of} dir="auto">
          {addresses}
        </p>
      )}
      <UsSwitch person={person} label="One of us" />
    </div>
  );
}
