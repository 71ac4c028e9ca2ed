import react from "@vitejs/plugin-react";
import { compression } from "vite-plugin-compression2";
import { defineConfig } from "vitest/config";

// The browser's host goes along: a change is refused where it is not the page's own.
const SERVER = { target: process.env.WATCHFLOOR_URL ?? "http://127.0.0.1:8000", changeOrigin: false };

export default defineConfig({
  plugins: [react(), compression({ algorithms: ["gzip", "brotliCompress"], threshold: 1024 })],
  resolve: { tsconfigPaths: true },
  build: {
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    manifest: true,
    // Two files for the first load, not twenty: libraries, which outlast a release in the browser's cache, and our own.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "libraries", tags: ["$initial"], test: /node_modules/ },
            { name: "first", tags: ["$initial"] },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": SERVER,
      "/health": SERVER,
      "/status": SERVER,
      "/metrics": SERVER,
      "/docs": SERVER,
      "/openapi.json": SERVER,
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
