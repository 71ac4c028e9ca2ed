import { useParams } from "@tanstack/react-router";
import { Settings } from "@/features/settings/settings";

export function SettingsPage() {
  const { tab } = useParams({ from: "/signed-in/settings/{-$tab}" });
  return <Settings tab={tab} />;
}
