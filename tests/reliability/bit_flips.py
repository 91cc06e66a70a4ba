"""Is damage to any file of an index noticed and named?

A small index has every file damaged in every way: some bits flipped, cut off, emptied, replaced by garbage, deleted. It
is asked the same questions before and after. The damage is done before the server starts, and under a running server.
An answer must be right, or be an error that names the damage. The server may also refuse to start and name the file. It
must not die, panic, hang, or answer something else.

usage: bit_flips.py [FLIPS] [NAME]     the number of flipped bits for each file, 4 by default; only files with this name
"""

from shared import *

ARTICLES = 48
# The server notices a changed file when it next looks for commits, twice a second.
NOTICE_S = 1.5
# These files are empty, and say nothing but that they are there.
LOCKS = re.compile(r"\.lock$|^writer\.next$")
# Values that may differ between two right answers.
VOLATILE = {"took_ms", "next_cursor", "size_bytes", "segments", "request_id"}
# A damaged graph is replaced by the one that every installation starts with, which expands a query with other words.
DERIVED = re.compile(r"graph|related|suggestions")


def questions():
    """Returns the path and the parameters of each question."""
    asked = [("/api/v1/stats", {}), ("/api/v1/facets/source", {}), ("/api/v1/histogram", {"interval": "year"})]
    for number in range(ARTICLES):
        name = f"base-{number}"
        text = article(name, 1)["body"].split()
        asked.append((f"/api/v1/articles/{name}", {}))
        for query in (marker(name), f'"{text[0]} {text[1]} {text[2]}"', f"{text[3]} {text[5]} -{text[1]}"):
            asked.append(("/api/v1/search", {"q": query, "relax": "off", "limit": 20, "match": "exact"}))
        asked.append(("/api/v1/search", {"q": text[1], "sort": "newest", "facets": "source", "histogram": "year"}))
    return asked


def steady(value):
    """Returns an answer without the values that may differ."""
    if isinstance(value, dict):
        return {key: steady(item) for key, item in value.items() if key not in VOLATILE}
    return [steady(item) for item in value] if isinstance(value, list) else value


def ask(server, asked):
    """Returns the status and the answer of each question; fewer if the server has died."""
    client, answers = Client(server.port), []
    for path, parameters in asked:
        try:
            status, body = client.get(path, **parameters)
            answers.append((status, steady(body)))
        except ConnectionError as error:
            answers.append((0, str(error)))
            if not server.is_alive():
                break
    return answers


class Test:
    def __init__(self, flips):
        self.checks = Checks("bit-flips")
        self.rng = random.Random(SEED)
        self.flips = flips
        self.ready, self.data = removed(WORK / "ready"), WORK / "data"
        self.prepare()
        self.asked = questions()
        server = self.started("truth")
        self.truth = ask(server, self.asked)
        server.stop()
        wrong = [answer for answer in self.truth if answer[0] != 200]
        if wrong:
            sys.exit(f"error: a whole index does not answer: {wrong[0]}")

    def prepare(self):
        """Makes an index of several segments with deletions, written by jobs and over HTTP."""
        names = [f"base-{number}" for number in range(ARTICLES)]
        write_lines(WORK / "one.jsonl", (article(name, 1) for name in names))
        write_lines(WORK / "two.jsonl", (article(f"more-{number}", 1) for number in range(9)))
        must("index", WORK / "one.jsonl", data=self.ready)
        must("index", WORK / "two.jsonl", data=self.ready)
        key = new_key(self.ready)
        server = Server(self.ready, "prepare")
        if not server.start():
            sys.exit(f"error: the server does not start: {server.printed()}")
        client = Client(server.port, key)
        client.delete("more-1")
        client.put(article("http-1", 1))
        client.delete("more-2", wait=True)
        server.stop()

    def started(self, name):
        removed(self.data)
        shutil.copytree(self.ready, self.data)
        server = Server(self.data, name)
        removed(server.log)
        if not server.start():
            sys.exit(f"error: the server does not start: {server.printed()}")
        return server

    def damage(self, file, how):
        """Damages a file in place. Returns what was done."""
        path = self.data / file
        content = bytearray(path.read_bytes())
        if how == "delete":
            path.unlink()
            return how
        if how == "flip":
            place, bit = self.rng.randrange(len(content)), self.rng.randrange(8)
            content[place] ^= 1 << bit
            with open(path, "r+b") as out:
                out.seek(place)
                out.write(content[place : place + 1])
            return f"flip of bit {bit} of byte {place}"
        if how == "garbage":
            with open(path, "r+b") as out:
                out.write(self.rng.randbytes(len(content)))
            return how
        os.truncate(path, 0 if how == "empty" else self.rng.randrange(len(content)))
        return how

    def case(self, file, how, is_running):
        if is_running:
            server = self.started("case")
            ask(server, self.asked[:40])
            what = self.damage(file, how)
            time.sleep(NOTICE_S)
        else:
            removed(self.data)
            shutil.copytree(self.ready, self.data)
            what = self.damage(file, how)
            server = Server(self.data, "case")
            removed(server.log)
            if not server.start():
                self.judge_refusal(file, what, server)
                return
        answers = ask(server, self.asked)
        is_alive = server.is_alive()
        code = server.stop() if is_alive else server.process.returncode
        self.judge(file, what, is_running, answers, is_alive, code, server.printed())

    def judge_refusal(self, file, what, server):
        printed = server.printed()
        code = server.process.returncode
        # The file, or the part of it that is missing.
        is_named = Path(file).name in printed or "is damaged" in printed
        is_clean = code == 2 and "panicked" not in printed and is_named
        self.checks.note("refused at the start")
        details = {"file": file, "what": what, "code": code, "log": printed[-500:]}
        self.checks.check(is_clean, "a refusal that names no file", **details)

    def judge(self, file, what, is_running, answers, is_alive, code, printed):
        details = {"file": file, "what": what, "is_running": is_running}
        self.checks.check(is_alive and code == 0, "the server died or hung", **details, code=code, log=printed[-500:])
        self.checks.check("panicked" not in printed, "a panic", **details, log=printed[-500:])
        wrong, errors, unnamed = [], 0, []
        for question, answer, truth in zip(self.asked, answers, self.truth):
            status, body = answer
            if answer == truth:
                continue
            if status == 200:
                if not DERIVED.search(file) or not self.is_derived_only(body, truth[1]):
                    wrong.append((question, body, truth[1]))
                continue
            errors += 1
            is_named = isinstance(body, dict) and body.get("code") in ("index_damaged", "no_index", "index_unavailable")
            if not is_named and status != 503:
                unnamed.append((question, status, body))
        self.checks.check(not wrong, "a wrong answer in silence", **details, count=len(wrong), first=wrong[:1])
        self.checks.check(not unnamed, "an error without a name", **details, count=len(unnamed), first=unnamed[:1])
        self.checks.note("errors that name the damage" if errors else "no question needed the file")

    def is_derived_only(self, body, truth):
        """Returns whether two answers differ only in what a lost graph changes."""
        if not isinstance(body, dict) or set(body) != set(truth):
            return False
        differing = {key for key in body if body[key] != truth[key]}
        return differing <= {"query", "graph_pairs", "graph_hash", "graph_learnt_articles"}


def main():
    test = Test(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    files = sorted(str(path.relative_to(test.ready)) for path in test.ready.rglob("*") if path.is_file())
    for file in files:
        size = (test.ready / file).stat().st_size
        if LOCKS.search(file) or size == 0 or only not in file:
            continue
        for is_running in (False, True):
            for how in ["flip"] * test.flips + ["truncate", "empty", "garbage", "delete"]:
                test.case(file, how, is_running)
        print(f"{file}: {test.checks.count} checks, {test.checks.failures} failures so far", flush=True)
    test.checks.end()


if __name__ == "__main__":
    main()
