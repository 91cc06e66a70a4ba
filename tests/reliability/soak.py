"""Does the service answer rightly for a long time, while everything goes on at once?

Three writers put and delete articles over HTTP. Jobs index files, rebuilds and backups follow one another, and sixteen
clients read. A model in memory knows which versions of an article an answer may show: none older than the last write
that was answered before the question, and none newer than the last write that was sent before the answer. At the end,
all articles are compared with the model, a backup is restored and compared, and memory and open files must be level.

usage: soak.py [SECONDS]     1800 by default
"""

import threading

from shared import *

WRITERS = 3
READERS = 16
ARTICLES_A_WRITER = 40
JOBS = 2
ARTICLES_A_JOB = 30
BASE = 300
# A commit of another process is visible after the server's next look, twice a second.
FOLLOW_S = 3
SAMPLE_S = 2
# In so many seconds, every kind of command gets the index at least once.
FAIR_S = 60
PAUSE_AT_ERROR_S = 0.2
# The memory and the open files of the second half may exceed those of the quarter before by so much.
MORE_MEMORY = 1.25
MORE_MEMORY_KIB = 48 << 10
MORE_DESCRIPTORS = 32


class Model:
    """The versions of each article. An odd version is an article, and an even one is a deletion; 0 was never written.

    One thread writes an article, so its versions are sent one after the other.
    """

    def __init__(self):
        self.sent = {}
        self.answered = {}
        self.gone = set()

    def send(self, name, version):
        if version % 2 == 0:
            self.gone.add((name, version))
        self.sent[name] = version

    def may_be_gone(self, name, oldest, newest):
        """Returns whether one of these versions is a deletion, or the time before the first version."""
        return oldest == 0 or any((name, version) in self.gone for version in range(oldest, newest + 1))

    def answer(self, name, version):
        self.answered[name] = version


class Soak:
    def __init__(self, seconds):
        self.seconds = seconds
        self.end = time.monotonic() + seconds
        self.checks = Checks("soak")
        self.lock = threading.Lock()
        self.model = Model()
        self.data = removed(WORK / "soak")
        self.samples = []
        base = [f"base-{i}" for i in range(BASE)]
        write_lines(WORK / "base.jsonl", (article(name, 1) for name in base))
        must("index", WORK / "base.jsonl", data=self.data)
        for name in base:
            self.model.sent[name] = self.model.answered[name] = 1
        self.key = new_key(self.data)
        self.server = Server(self.data, "soak")
        removed(self.server.log)
        if not self.server.start():
            sys.exit(f"error: the server does not start: {self.server.printed()}")

    def goes_on(self):
        return time.monotonic() < self.end and self.server.is_alive()

    def check(self, is_good, failure, **details):
        with self.lock:
            return self.checks.check(is_good, failure, **details)

    def note(self, what):
        with self.lock:
            self.checks.note(what)

    def write(self, number):
        """Puts and deletes articles of its own. Each waits until searches find it, or does not."""
        rng = random.Random(f"{SEED} writer {number}")
        client = Client(self.server.port, self.key)
        names = [f"http-{number}-{i}" for i in range(ARTICLES_A_WRITER)]
        versions = dict.fromkeys(names, 0)
        while self.goes_on():
            name = rng.choice(names)
            # The next version is an article or a deletion; each is sent until it is answered.
            version = versions[name] + 1
            if version % 2 == 0 and rng.random() < 0.6:
                version += 1
            versions[name] = version
            self.model.send(name, version)
            waits = rng.random() < 0.7
            while self.goes_on():
                status, body = self.try_write(client, name, version, waits)
                if status in (200, 201) or (status == 404 and version % 2 == 0):
                    self.note("writes")
                    if waits:
                        self.model.answer(name, version)
                    break
                self.note("writes refused for a while")
                self.check(status in (0, 503), "a write is refused for good", name=name, status=status, body=body)
                time.sleep(PAUSE_AT_ERROR_S)
            # Lets jobs and rebuilds have the index now and then, and lets the server release it.
            time.sleep(rng.choice([0, 0.01, 0.05, 0.2, 0.2, 2.5 if rng.random() < 0.05 else 0]))

    def try_write(self, client, name, version, waits):
        try:
            if version % 2:
                return client.put(article(name, version), waits)
            return client.delete(name, waits)
        except ConnectionError as error:
            return 0, str(error)

    def read(self, number):
        """Asks for articles, alternately by id and by the word that only they have."""
        rng = random.Random(f"{SEED} reader {number}")
        client = Client(self.server.port)
        seen = {}
        while self.goes_on():
            name = rng.choice(list(self.model.sent))
            oldest = max(self.model.answered.get(name, 0), seen.get(name, 0))
            try:
                if rng.random() < 0.5:
                    status, body = client.article(name)
                    titles = [body["title"]] if status == 200 else [] if status == 404 else None
                else:
                    status, body = client.get("/api/v1/search", q=marker(name), relax="off", limit=5)
                    titles = self.titles_of(body["hits"]) if status == 200 else None
            except ConnectionError as error:
                self.check(not self.goes_on(), "a reader lost its connection", error=error)
                continue
            newest = self.model.sent[name]
            if titles is None:
                self.note("reads refused for a while")
                self.check(status == 503, "a read fails", name=name, status=status, body=body)
                time.sleep(PAUSE_AT_ERROR_S)
                continue
            self.note("reads")
            version = self.judge(name, titles, body, oldest, newest)
            if version:
                seen[name] = version

    def titles_of(self, hits):
        return ["".join(part["text"] for part in hit["title"]) for hit in hits]

    def judge(self, name, titles, body, oldest, newest):
        """Checks what was read of an article. Returns its version; 0 if it is not there."""
        bounds = {"name": name, "titles": titles, "oldest": oldest, "newest": newest}
        if not self.check(len(titles) <= 1, "an article is there twice", **bounds):
            return 0
        if not titles:
            self.check(self.model.may_be_gone(name, oldest, newest), "an article is missing", **bounds)
            return 0
        version = version_of(titles[0])
        self.check(titles[0] == article(name, version)["title"], "a wrong title", **bounds)
        if self.check(version >= oldest, "a stale answer", **bounds):
            self.check(version <= newest, "a version that was never sent", **bounds)
        if "text" in body:
            expected = article(name, version)
            text = f"{expected['title']}\n\n{expected['body']}"
            self.check(body["text"] == text, "a wrong text", **bounds, text=body["text"])
        return version

    def index(self, number):
        """Runs jobs that index a file of their own, and rebuilds."""
        rng = random.Random(f"{SEED} job {number}")
        names = [f"job-{number}-{i}" for i in range(ARTICLES_A_JOB)]
        version = 1
        while self.goes_on():
            for name in names:
                self.model.send(name, version)
            path = WORK / f"job-{number}.jsonl"
            write_lines(path, (article(name, version) for name in names))
            if self.run("index", path):
                time.sleep(FOLLOW_S)
                for name in names:
                    self.model.answer(name, version)
                version += 2
            time.sleep(rng.uniform(0, 4))

    def rebuild(self):
        while self.goes_on():
            self.run("rebuild")
            time.sleep(8)

    def back_up(self):
        """Makes backups, and checks that each can be restored."""
        number = 0
        while self.goes_on():
            path = WORK / f"soak-{number % 2}.tar.zst"
            removed(path)
            if self.run("backup", path):
                code, printed = run("restore", path, "--dry-run", data=WORK / "nowhere")
                self.check(code == 0, "a backup that cannot be restored", printed=printed)
            number += 1
            time.sleep(6)

    def run(self, command, *arguments):
        """Runs the program. Returns whether it succeeded; it may only fail because another process is writing."""
        code, printed = run(command, *arguments, data=self.data)
        if code == 0:
            self.note(f"runs of {command}")
            return True
        is_busy = "writing" in printed or "another process" in printed or "lock" in printed
        self.note(f"runs of {command} that found the index busy")
        self.check(is_busy, "a command fails", command=command, code=code, printed=printed)
        return False

    def sample(self):
        while self.goes_on():
            try:
                self.samples.append((self.server.memory_kib(), self.server.descriptors()))
            except OSError:
                pass
            time.sleep(SAMPLE_S)

    def go(self):
        work = [(self.write, n) for n in range(WRITERS)] + [(self.read, n) for n in range(READERS)]
        work += [(self.index, n) for n in range(JOBS)] + [(self.rebuild,), (self.back_up,), (self.sample,)]
        threads = [threading.Thread(target=self.guarded, args=one) for one in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.finish()

    def guarded(self, work, *arguments):
        try:
            work(*arguments)
        except Exception as error:
            self.check(False, "the test itself failed", error=repr(error), work=str(work))

    def finish(self):
        """Compares everything with the model: what the server has, and what a restored backup has."""
        self.check(self.server.is_alive(), "the server died", log=self.server.printed()[-1000:])
        if self.server.is_alive():
            time.sleep(FOLLOW_S)
            self.compare(Client(self.server.port), "the server")
            path = removed(WORK / "last.tar.zst")
            must("backup", path, data=self.data)
            self.check(self.server.stop() == 0, "the server does not stop")
            restored = Server(removed(WORK / "restored"), "restored")
            must("restore", path, data=restored.data)
            if self.check(restored.start(), "a restored index does not open", log=restored.printed()[-500:]):
                self.compare(Client(restored.port), "a restored backup")
                restored.kill()
        if self.seconds >= FAIR_S:
            for command in ("index", "rebuild", "backup"):
                there = self.checks.notes.get(f"runs of {command}", 0)
                self.check(there > 0, "a command never got the index", command=command)
        self.check("panicked" not in self.server.printed(), "a panic", log=self.server.printed()[-1000:])
        self.level()
        self.checks.end()

    def compare(self, client, place):
        for name in self.model.sent:
            status, body = client.article(name)
            titles = [body["title"]] if status == 200 else []
            self.check(status in (200, 404), "an article cannot be read", place=place, name=name, status=status)
            self.judge(name, titles, body, self.model.answered.get(name, 0), self.model.sent[name])

    def level(self):
        """Checks that neither memory nor descriptors grow: the second half against the quarter before it."""
        quarter = len(self.samples) // 4
        if quarter < 2:
            return
        for number, (what, more, factor) in enumerate(
            [("memory", MORE_MEMORY_KIB, MORE_MEMORY), ("descriptors", MORE_DESCRIPTORS, 1)]
        ):
            before = max(sample[number] for sample in self.samples[quarter : 2 * quarter])
            after = max(sample[number] for sample in self.samples[2 * quarter :])
            print(f"{what}: at most {before} in the second quarter, at most {after} in the second half", flush=True)
            self.check(after <= before * factor + more, f"the {what} grow", before=before, after=after)


if __name__ == "__main__":
    Soak(float(sys.argv[1]) if len(sys.argv) > 1 else 1800).go()
