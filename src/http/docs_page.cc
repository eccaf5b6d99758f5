// A page without libraries: everything it shows is put in as text, never as markup.
#include "http/docs_page.h"

namespace meterhound::http {

std::string_view DocsHtml() {
  return R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API</title>
<link rel="stylesheet" href="/docs/docs.css">
<script src="/docs/docs.js" defer></script>
</head>
<body>
<header><h1 id="title">API</h1><p id="about"></p><p><a href="/openapi.json">openapi.json</a></p></header>
<nav id="tags" aria-label="Groups"></nav>
<main id="operations"><p>Loading the description ...</p></main>
<noscript><p>This page needs JavaScript; <a href="/openapi.json">openapi.json</a> holds the same.</p></noscript>
</body>
</html>
)html";
}

std::string_view DocsScript() {
  return R"js('use strict';

function element(name, text, parent, className) {
  const node = document.createElement(name);
  if (text !== undefined && text !== null) node.textContent = text;
  if (className) node.className = className;
  if (parent) parent.append(node);
  return node;
}

let api;

function resolve(node) {
  if (!node || !node.$ref) return node || {};
  return node.$ref.split('/').slice(1).reduce((at, key) => at[key], api);
}

// A schema as an example of its shape: short, with names of referenced parts.
function shape(schema, depth) {
  if (schema === true || schema === undefined) return 'any';
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop();
    return depth > 3 ? name : shape(resolve(schema), depth + 1);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.join(' | ');
  const alternatives = schema.oneOf || schema.anyOf;
  if (alternatives) return alternatives.map((one) => text(shape(one, depth + 1))).join(' | ');
  if (schema.properties) {
    const result = {};
    const required = schema.required || [];
    for (const [name, part] of Object.entries(schema.properties)) {
      result[required.includes(name) ? name : name + '?'] = depth > 5 ? '...' : shape(part, depth + 1);
    }
    return result;
  }
  if (schema.type === 'array') return [shape(schema.items, depth + 1)];
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : schema.type || 'any';
  return schema.format ? type + ' (' + schema.format + ')' : type;
}

function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function contents(content, parent) {
  for (const [type, media] of Object.entries(content || {})) {
    element('p', type, parent, 'type');
    if (media.schema) element('pre', text(shape(media.schema, 0)), parent);
  }
}

function parameters(list, parent) {
  if (!list || !list.length) return;
  element('h3', 'Parameters', parent);
  const table = element('table', null, parent);
  const head = element('tr', null, element('thead', null, table));
  for (const title of ['Name', 'In', 'Type', 'Meaning']) element('th', title, head).scope = 'col';
  const body = element('tbody', null, table);
  for (const parameter of list) {
    const row = element('tr', null, body);
    element('td', parameter.name + (parameter.required ? ' *' : ''), row, 'code');
    element('td', parameter.in, row);
    element('td', text(shape(parameter.schema, 0)), row, 'code');
    const fallback = resolve(parameter.schema).default;
    element('td', (parameter.description || '') + (fallback === undefined ? '' : ' (default ' + text(fallback) + ')'), row);
  }
}

function responses(all, parent) {
  element('h3', 'Answers', parent);
  for (const [status, reference] of Object.entries(all)) {
    const answer = resolve(reference);
    const line = element('p', null, parent);
    element('strong', status + ' ', line);
    line.append(answer.description);
    if (status < '400') contents(answer.content, parent);
  }
}

function operation(path, method, what, parent) {
  const details = element('details', null, parent, 'operation');
  details.id = what.operationId;
  const summary = element('summary', null, details);
  element('span', method.toUpperCase(), summary, 'method ' + method);
  element('span', path, summary, 'code');
  element('span', what.summary, summary, 'summary');
  if (what.description) element('p', what.description, details);
  const scopes = (what.security || []).flatMap((one) => Object.values(one).flat());
  const needs = !(what.security || []).length ? 'Public.' : scopes.length ? 'Needs the scope ' + scopes[0] + '.' : 'Needs a key.';
  element('p', needs, details);
  parameters(what.parameters, details);
  if (what.requestBody) {
    element('h3', 'Body', details);
    contents(what.requestBody.content, details);
  }
  responses(what.responses, details);
}

function show() {
  document.title = api.info.title;
  document.getElementById('title').textContent = api.info.title + ' ' + api.info.version;
  document.getElementById('about').textContent = api.info.description || '';
  const groups = new Map((api.tags || []).map((tag) => [tag.name, { about: tag.description, operations: [] }]));
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, what] of Object.entries(methods)) {
      const tag = (what.tags || ['other'])[0];
      if (!groups.has(tag)) groups.set(tag, { about: '', operations: [] });
      groups.get(tag).operations.push([path, method, what]);
    }
  }
  const main = document.getElementById('operations');
  main.replaceChildren();
  for (const [tag, group] of groups) {
    const section = element('section', null, main);
    section.id = 'tag-' + tag;
    element('h2', tag, section);
    if (group.about) element('p', group.about, section);
    for (const [path, method, what] of group.operations) operation(path, method, what, section);
    element('a', tag, document.getElementById('tags')).href = '#tag-' + tag;
  }
}

fetch('/openapi.json')
  .then((answer) => {
    if (!answer.ok) throw new Error('status ' + answer.status);
    return answer.json();
  })
  .then((document) => {
    api = document;
    show();
  })
  .catch((error) => {
    document.getElementById('operations').textContent = 'The description could not be loaded: ' + error.message;
  });
)js";
}

std::string_view DocsStyle() {
  return R"css(:root { color-scheme: light dark; --line: #8886; --soft: #8882; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { margin: 0; }
nav { display: flex; flex-wrap: wrap; gap: .75rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; display: flex; flex-wrap: wrap; gap: .75rem; align-items: baseline; }
.method { font-weight: 700; min-width: 4.5rem; }
.code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .5rem; border-radius: .4rem; overflow: auto; font-size: .875rem; }
.type { margin-bottom: .25rem; font-family: ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
)css";
}

}  // namespace meterhound::http
