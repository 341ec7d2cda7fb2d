import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.MAINSTAY_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  logLevel: process.env.STUDIO_QUIET ? 'warn' : 'info',
  build: {
    outDir: 'target/dist',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: {
    // The server checks that a request's Origin is its own; the proxy makes it so.
    proxy: Object.fromEntries(
      ['/api', '/health', '/openapi.json', '/ws'].map((path) => [
        path,
        { target: server, changeOrigin: true, ws: path === '/ws', headers: { origin: server } },
      ]),
    ),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
