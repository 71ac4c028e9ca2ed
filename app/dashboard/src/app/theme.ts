import { createTheme } from "@mantine/core";

export const theme = createTheme({
  fontFamily: '"Inter", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 5 },
  autoContrast: true,
  // White on the blue of the dark scheme is too faint.
  luminanceThreshold: 0.25,
  defaultRadius: "sm",
  respectReducedMotion: true,
  cursorType: "pointer",
});
