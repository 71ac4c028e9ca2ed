import type { Task } from "../api/tasks";
import { count, several } from "./numbers";

const MOST = 100;

type Scored = Pick<Task, "score" | "points">;

/** The score, which is held to 100; a plus says that the points, which order the queue, go beyond it. */
export const scoreShown = ({ score, points }: Scored) => (points > MOST ? `${count(MOST)}+` : count(Math.round(score)));

/** The points behind it. */
export const pointsBehind = ({ score, points }: Scored) =>
  `${several(points, "point")}${score === points ? "" : `, shown as ${scoreShown({ score, points })} of 100`}`;
