import {defineConfig} from 'vite';

// One script, one style sheet, no inlined assets: the page runs under a policy that allows only files of its own.
export default defineConfig({
  esbuild: {jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none'},
  build: {
    target: 'es2022',
    cssTarget: 'chrome123',
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  server: {port: 5173, proxy: {'/v1': process.env.METERHOUND_URL ?? 'http://127.0.0.1:8000'}},
});
