"""Fihrist from Python's standard library: search, page on, meet an error, put an article.

FIHRIST_URL=http://127.0.0.1:7700 FIHRIST_KEY=fih_… python3 python.py 'وقف إطلاق النار'
"""
import json
import os
import sys
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

URL = os.environ.get("FIHRIST_URL", "http://127.0.0.1:7700")


def call(method, path, body=None, **params):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {os.environ.get('FIHRIST_KEY', '')}"}
    with urlopen(Request(f"{URL}/api/v1{path}?{urlencode(params)}", data, headers, method=method)) as answer:
        return json.load(answer)


def marked(fragments):
    return "".join(f"[{part['text']}]" if part["match"] else part["text"] for part in fragments)


query, offset, total = (sys.argv[1:] or ["الميناء"])[0], 0, 1
while offset < min(total, 15):  # Pages: the same query with an offset.
    answer = call("GET", "/search", q=query, limit=5, offset=offset)
    total, offset = answer["total"]["value"], offset + 5
    for hit in answer["hits"]:
        print(hit["id"], marked(hit["title"]), *(marked(one["fragments"]) for one in hit["snippets"]), sep=" | ")
print("total:", total)
try:  # An error is a problem document: a status, a stable code, and a hint for each parameter.
    call("GET", "/search", q=query, limit=1000)
except HTTPError as error:
    print("error:", error.code, json.load(error)["code"])
if os.environ.get("FIHRIST_KEY"):  # fihrist key create --scope ingest
    article = {"title": "قارب جديد", "body": "دشن الصيادون قاربًا.", "date": "2024-05-11"}
    print("put:", call("PUT", f"/articles/{quote('python/1', safe='')}", article, refresh="wait"))
