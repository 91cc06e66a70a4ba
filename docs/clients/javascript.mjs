// Fihrist from JavaScript: search, page on, meet an error, put an article. Node 18 or later, or any browser's console.
//   FIHRIST_URL=http://127.0.0.1:7700 FIHRIST_KEY=fih_… node javascript.mjs 'وقف إطلاق النار'
const { FIHRIST_URL: url = 'http://127.0.0.1:7700', FIHRIST_KEY: key } = process.env;
const query = process.argv[2] ?? 'الميناء';

async function call(method, path, params = {}, body = undefined) {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  const address = `${url}/api/v1${path}?${new URLSearchParams(params)}`;
  const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  // An error is a problem document: a status, a stable code, and a hint for each parameter.
  if (!answer.ok) throw Object.assign(new Error(json.detail), json);
  return json;
}

const marked = (fragments) => fragments.map(({ text, match }) => (match ? `[${text}]` : text)).join('');

let total = 1;
for (let offset = 0; offset < Math.min(total, 15); offset += 5) {
  const answer = await call('GET', '/search', { q: query, limit: 5, offset });
  total = answer.total.value;
  for (const { id, title, snippets } of answer.hits) {
    console.log([id, marked(title), ...snippets.map(({ fragments }) => marked(fragments))].join(' | '));
  }
}
console.log('total:', total);
try {
  await call('GET', '/search', { q: query, limit: 1000 });
} catch (problem) {
  console.log('error:', problem.status, problem.code);
}
if (key) { // fihrist key create --scope ingest
  const article = { title: 'قارب جديد', body: 'دشن الصيادون قاربًا.', date: '2024-05-11' };
  const path = `/articles/${encodeURIComponent('javascript/1')}`;
  console.log('put:', JSON.stringify(await call('PUT', path, { refresh: 'wait' }, article)));
}
