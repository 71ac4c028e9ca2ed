export { People as PeoplePage } from "@/features/people/people";
