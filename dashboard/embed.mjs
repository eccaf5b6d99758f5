// Writes the files of a built page as a C++ source: gzip bytes, content type and SHA-256 of each (src/serve/page_files.h).
//   node embed.mjs DIST page_table.cc
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {extname, join} from 'node:path';
import {gzipSync} from 'node:zlib';

const kTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function filesUnder(folder, prefix = '/') {
  return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path, `${prefix}${entry.name}/`) : [{path, url: prefix + entry.name}];
  });
}

function entryOf({path, url}, index) {
  const type = kTypes[extname(path)];
  if (!type) throw new Error(`${path}: no content type is known for ${extname(path) || 'a name without an ending'}`);
  const body = readFileSync(path);
  const packed = gzipSync(body, {level: 9});
  packed[9] = 255; // the byte that names the operating system: the same file everywhere
  const etag = createHash('sha256').update(body).digest('hex');
  const name = url === '/index.html' ? '/' : url;
  const lines = [];
  for (let at = 0; at < packed.length; at += 40) lines.push(`    ${[...packed.subarray(at, at + 40)].join(',')},`);
  return {
    name,
    bytes: `const unsigned char k_${index}[] = {\n${lines.join('\n')}\n};`,
    row: `    {"${name}", "${type}", Text(k_${index}), ${body.length}, "\\"${etag}\\"", ${url.startsWith('/assets/')}},`,
  };
}

const [dist, target] = process.argv.slice(2);
const entries = filesUnder(dist)
  .map(entryOf)
  .sort((a, b) => (a.name < b.name ? -1 : 1));
writeFileSync(
  `${target}.part`,
  `// The page's files; written by dashboard/embed.mjs.
#include "serve/page_files.h"

namespace meterhound::serve {
namespace {

${entries.map((entry) => entry.bytes).join('\n')}

template <std::size_t size>
std::string_view Text(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::span<const PageFile> PageFiles() {
  static const PageFile files[] = {
${entries.map((entry) => entry.row).join('\n')}
  };
  return files;
}

}  // namespace meterhound::serve
`,
);
renameSync(`${target}.part`, target);
