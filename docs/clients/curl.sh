#!/bin/sh
# Fihrist from a shell: search, page on, meet an error, put an article. Needs curl and a grep with -o.
#   FIHRIST_URL=http://127.0.0.1:7700 FIHRIST_KEY=fih_… sh curl.sh 'وقف إطلاق النار'
set -eu
url=${FIHRIST_URL:-http://127.0.0.1:7700}
query=${1:-الميناء}

# --data-urlencode with -G writes the query string, whatever is in it.
search() { curl -sS -G "$url/api/v1/search" --data-urlencode "q=$query" "$@"; }
total() { grep -o '"total":{"value":[0-9]*' | grep -o '[0-9]*$'; }
marked() { grep -oE '"text":"([^"\]|\\.)*","match":true' | sed -E 's/"text":"(.*)","match":true/[\1]/'; }

answer=$(search --data limit=5)
found=$(printf '%s' "$answer" | total)
echo "total: $found"
printf '%s' "$answer" | marked | sort -u

# Pages: the same query with an offset, until nothing is left.
offset=0
while [ "$offset" -lt "$found" ] && [ "$offset" -lt 15 ]; do
  search --data limit=5 --data "offset=$offset" | grep -oE '"id":"([^"\]|\\.)*"' | sed 's/^/page: /'
  offset=$((offset + 5))
done

# An error is a problem document: a status, a stable code, and a hint for each parameter.
status=$(search --data limit=1000 -o /tmp/fihrist-problem.$$ -w '%{http_code}')
echo "error: $status $(grep -o '"code":"[^"]*"' /tmp/fihrist-problem.$$)"
rm -f /tmp/fihrist-problem.$$

# Writing needs a key: fihrist key create --scope ingest
if [ -n "${FIHRIST_KEY:-}" ]; then
  curl -sS --fail-with-body -X PUT "$url/api/v1/articles/curl-1?refresh=wait" -H "authorization: Bearer $FIHRIST_KEY" \
    -H 'content-type: application/json' -d '{"title": "قارب جديد", "body": "دشن الصيادون قاربًا.", "date": "2024-05-11"}'
  echo
fi
