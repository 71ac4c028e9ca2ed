import { Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "../loaded";
import { factsQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import { soughtFacts } from "./completion";
import classes from "./edit.module.css";

/** What rules may look at; one press writes its name where the cursor is. */
export function FactCatalogue({ onInsert }: { onInsert: (name: string) => void }) {
  const query = useQuery(factsQuery);
  const [sought, setSought] = useState("");
  return (
    <section className={classes.facts} aria-label="Facts that rules may look at">
      <TextInput
        type="search"
        label="Find a fact"
        description="Press one to write its name at the cursor."
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      <Loaded query={query} waiting={<RowSkeletons rows={8} height={40} />}>
        {({ items }) => {
          const found = soughtFacts(items, sought);
          if (found.length === 0)
            return (
              <Text size="sm" c="dimmed">
                No fact has these words.
              </Text>
            );
          return (
            <ul className={classes.catalogue}>
              {found.map((fact) => (
                <li key={fact.name}>
                  <button type="button" className={classes.fact} onClick={() => onInsert(fact.name)}>
                    <span className={classes.name}>{fact.name}</span> <span className={classes.type}>{fact.type}</span>{" "}
                    <span className={classes.meaning}>
                      {fact.meaning}
                      {fact.values.length > 0 && `: ${fact.values.join(", ")}`}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}
