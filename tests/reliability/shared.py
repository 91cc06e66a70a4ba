"""What the long tests share: the program, a server, a client, articles, and the count of checks.

It needs Linux and only Python's standard library. Servers listen on this machine only.
"""

import atexit
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

PROGRAM = os.environ["FIHRIST"]
WORK = Path(os.environ["WORK"])
SEED = int(os.environ.get("SEED", "1"))

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
COMMAND_TIMEOUT_S = 300
REQUEST_TIMEOUT_S = 60
# The number of failed checks that are printed in full.
MAX_PRINTED = 20

PLACES = "الميناء المدينة القرية السوق المدرسة المكتبة الجزيرة الواحة الجسر المسرح الملعب المتحف".split()
PEOPLE = "الصياد المعلم الطبيب المهندس الوزير الكاتب الرسام البائع المزارع الحارس الملاح".split()
VERBS = "عاد وصل افتتح زار رمم بنى درس كتب حمل باع نقل أصلح شاهد استقبل".split()
THINGS = "القارب الكتاب القمح الزيتون اللوحة السفينة الطريق الباب المصباح الخريطة القطار".split()
TIMES = "أمس اليوم صباحا مساء ليلا غدا قديما حديثا سريعا ببطء".split()
SOURCES = ["صحيفة المرفأ", "إذاعة الساقية", "وكالة النهر", "مجلة الواحة"]


# At the end of a test, also an early one, servers are killed and file systems unmounted.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: the test was ended"))


def sentence(rng):
    """Returns a sentence of random words."""
    choose = rng.choice
    return f"{choose(VERBS)} {choose(PEOPLE)} إلى {choose(PLACES)} ومعه {choose(THINGS)} {choose(TIMES)}."


def article(name, version):
    """Returns the article with a name and a version. The same arguments give the same article.

    Its title contains a word that no other article has, and a word for the version.
    """
    rng = random.Random(f"{name} {version}")
    paragraphs = [[sentence(rng) for _ in range(rng.randint(2, 5))] for _ in range(rng.randint(2, 4))]
    body = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    date = f"20{rng.randint(10, 24)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    title = f"{rng.choice(PEOPLE)} في {rng.choice(PLACES)} {marker(name)} v{version}"
    return {"id": name, "title": title, "body": body, "source": rng.choice(SOURCES), "date": date}


def marker(name):
    """Returns the word that only the articles with this name contain."""
    letters = str.maketrans("0123456789", "abcdefghij", "-")
    return "marker" + name.translate(letters)


def version_of(title):
    """Returns the version that a title contains."""
    return int(title.rsplit(" v", 1)[1])


def write_lines(path, articles):
    """Writes articles as JSON Lines."""
    lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    Path(path).write_text("".join(lines), encoding="utf-8")


def run(*arguments, data):
    """Runs the program. Returns its exit code and all that it printed."""
    command = [PROGRAM, *map(str, arguments), "--data", str(data)]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=COMMAND_TIMEOUT_S)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def must(*arguments, data):
    """Runs the program, and ends this one if it fails."""
    code, printed = run(*arguments, data=data)
    if code:
        sys.exit(f"error: fihrist {' '.join(map(str, arguments))} ended with {code}: {printed}")
    return printed


def new_key(data):
    """Returns a new key that may write."""
    return re.search(r"fih_\w+", must("key", "create", "--scope", "ingest", data=data)).group()


def removed(path):
    """Removes a file or a folder, and returns its path."""
    path = Path(path)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    return path


class Server:
    """A server over a data folder."""

    def __init__(self, data, name="server"):
        self.data = data
        self.log = WORK / f"{name}.log"
        self.process = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        atexit.register(self.kill)

    def start(self, *options):
        """Starts the server. Returns whether it answers; if it does not, it has ended."""
        command = [PROGRAM, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", str(self.data), *options]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + START_TIMEOUT_S
        while self.process.poll() is None and time.monotonic() < end:
            try:
                if Client(self.port).get("/healthz")[0] == 200:
                    return True
            except OSError:
                time.sleep(0.02)
        self.kill()
        return False

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """Kills the server, also a stopped one."""
        if self.is_alive():
            self.process.kill()
            self.process.wait()

    def stop(self):
        """Ends the server as an operator does. Returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            return "it did not stop"

    def printed(self):
        """Returns what the server has logged."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def memory_kib(self):
        """Returns the memory of the server that is not the cache of a file."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status).group(1))

    def descriptors(self):
        """Returns the number of open files and connections of the server."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


class Client:
    """A connection to a server, which is opened again when it was closed."""

    def __init__(self, port, key=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=REQUEST_TIMEOUT_S)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"} if key else {}

    def send(self, method, path, body=None):
        """Returns the status and the body of an answer: JSON, or bytes."""
        body = None if body is None else json.dumps(body).encode()
        try:
            self.connection.request(method, path, body=body, headers=self.headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise ConnectionError(repr(error)) from error
        try:
            return answer.status, json.loads(content)
        except ValueError:
            return answer.status, content

    def get(self, path, **parameters):
        return self.send("GET", path + ("?" + urllib.parse.urlencode(parameters) if parameters else ""))

    def article(self, name):
        return self.get("/api/v1/articles/" + urllib.parse.quote(name, safe=""))

    def put(self, article, wait=False):
        path = "/api/v1/articles/" + urllib.parse.quote(article["id"], safe="")
        return self.send("PUT", path + ("?refresh=wait" if wait else ""), article)

    def delete(self, name, wait=False):
        path = "/api/v1/articles/" + urllib.parse.quote(name, safe="")
        return self.send("DELETE", path + ("?refresh=wait" if wait else ""))


class Checks:
    """Counts checks, and prints the ones that fail."""

    def __init__(self, name):
        self.name = name
        self.count = 0
        self.failures = 0
        self.notes = {}

    def check(self, is_good, failure, **details):
        self.count += 1
        if not is_good:
            self.failures += 1
            if self.failures <= MAX_PRINTED:
                print(f"FAILED: {failure}: {json.dumps(details, ensure_ascii=False, default=str)[:1000]}", flush=True)
        return is_good

    def note(self, what, count=1):
        self.notes[what] = self.notes.get(what, 0) + count

    def end(self):
        """Prints the figures, and ends this program with 1 if a check has failed."""
        figures = ", ".join(f"{count} {what}" for what, count in sorted(self.notes.items()))
        print(f"== {self.name}: {self.count} checks, {self.failures} failures; {figures}", flush=True)
        sys.exit(1 if self.failures else 0)
