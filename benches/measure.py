"""What `compare` and `growth` share: it runs and measures programs, starts a server, and makes queries from a corpus.

It knows neither Lucene nor tables. It needs Linux and only Python's standard library.
"""

import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
CORES = "0,1"
SEED = 20_200_315
QUERIES_A_TYPE = 100
KINDS = ["term1", "term2", "term3", "phrase"]
START_TIMEOUT_S = 600


def fail(message):
    sys.exit(f"error: {message}")


def say(message):
    print(message, file=sys.stderr, flush=True)


def pinned(command):
    """Returns the command, pinned to two cores if `taskset` is there."""
    has_cores = {0, 1} <= os.sched_getaffinity(0)
    prefix = ["taskset", "-c", CORES] if has_cores and shutil.which("taskset") else []
    return prefix + [str(part) for part in command]


def run(command, work):
    """Runs a command to its end. Returns its output, its seconds, the CPU seconds of its threads and its peak memory."""
    stdout, stderr = work / "stdout", work / "stderr"
    # Flushes earlier writes, so that this command does not wait for them.
    os.sync()
    with stdout.open("wb") as out, stderr.open("wb") as err:
        started = time.monotonic()
        child = subprocess.Popen(pinned(command), stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        elapsed_s = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        fail(f"`{' '.join(map(str, command))}` ended with {child.returncode}:\n{tail(stderr)}")
    return {
        "printed": stdout.read_text(encoding="utf-8"),
        "seconds": elapsed_s,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_rss_bytes": usage.ru_maxrss * 1024,
    }


def tail(path, size_chars=2_000):
    return path.read_text(encoding="utf-8", errors="replace")[-size_chars:]


def size_bytes(folder):
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


def add_options(parser):
    """Adds the options that both programs have."""
    parser.add_argument("--corpus", required=True, type=Path, help="articles, a JSON object a line: id, title, body")
    parser.add_argument("--fihrist", type=Path, help="the binary; default: target/release/fihrist, which is built if it is missing")
    parser.add_argument("--latency", type=Path, help="the benchmark `latency`; built if not given")
    parser.add_argument("--load", type=Path, help="the benchmark `load`; built if not given")
    parser.add_argument("--work", type=Path, help="an existing folder for indexes, which are removed; default: a temporary folder")


def find_programs(options):
    """Fills in the paths of the three programs. Programs that are not given are built, all with the same features."""
    if options.fihrist is None:
        options.fihrist = Path(os.environ.get("CARGO_TARGET_DIR", HOME / "target")).absolute() / "release" / "fihrist"
        if not options.fihrist.exists():
            cargo("build", "--release", "--locked", "--workspace")
    if options.latency is None or options.load is None:
        benches = ["--bench", "latency", "--bench", "load"]
        built = cargo("bench", "--locked", "--workspace", *benches, "--no-run", "--message-format=json-render-diagnostics")
        artifacts = [json.loads(line) for line in built.splitlines() if line.startswith("{")]
        found = {a["target"]["name"]: Path(a["executable"]) for a in artifacts if a.get("executable")}
        options.latency = options.latency or found["latency"]
        options.load = options.load or found["load"]
    for program in (options.fihrist, options.latency, options.load):
        if not os.access(program, os.X_OK):
            fail(f"cannot run `{program}`")


def cargo(*arguments):
    say(f"cargo {' '.join(arguments)}")
    done = subprocess.run(["cargo", *arguments], cwd=HOME, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        fail("cargo failed")
    return done.stdout


def articles(corpus):
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def size_of_text(corpus):
    """Returns the number of articles and the bytes of their titles and bodies in UTF-8."""
    count = text_bytes = 0
    for article in articles(corpus):
        count += 1
        text_bytes += sum(len((article.get(field) or "").encode()) for field in ("title", "body"))
    return count, text_bytes


def write_queries(corpus, path):
    """Writes a hundred queries of each kind, made of consecutive words of titles. The same corpus gives the same queries."""
    rng = random.Random(SEED)
    chosen = {kind: [] for kind in KINDS}
    seen = dict.fromkeys(KINDS, 0)
    for article in articles(corpus):
        words = (article.get("title") or "").split()
        for kind in KINDS:
            text = query_text(kind, words, rng)
            if text is None or text in chosen[kind]:
                continue
            seen[kind] += 1
            # Reservoir sampling: in one pass, each title is as likely as any other.
            slot = len(chosen[kind]) if seen[kind] <= QUERIES_A_TYPE else rng.randrange(seen[kind])
            chosen[kind][slot : slot + 1] = [text] if slot < QUERIES_A_TYPE else []
    with path.open("w", encoding="utf-8") as file:
        for kind in KINDS:
            for number, text in enumerate(chosen[kind]):
                print(json.dumps({"id": f"{kind}-{number}", "type": kind, "text": text}, ensure_ascii=False), file=file)
    return path


def query_text(kind, words, rng):
    """Returns consecutive words of a title that consist of letters only; None if the title has too few."""
    count = rng.choice((2, 3)) if kind == "phrase" else int(kind[-1])
    runs = (words[start : start + count] for start in range(len(words) - count + 1))
    fitting = [run for run in runs if all(re.fullmatch("[\u0621-\u064a]+", word) for word in run)]
    if kind == "term1":
        fitting = [run for run in fitting if len(run[0]) > 2]
    return " ".join(rng.choice(fitting)) if fitting else None


class Server:
    """Runs `fihrist serve` over an index, on a free loopback port, until the block ends."""

    def __init__(self, fihrist, data, work):
        self.log = work / "server.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        self.url = f"http://{address}"
        self.command = pinned([fihrist, "serve", "--data", data, "--listen", address])

    def __enter__(self):
        with self.log.open("wb") as log:
            self.started = time.monotonic()
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def first_answer_s(self, query):
        """Waits for the first answered search. Returns the seconds since the process started."""
        target = f"{self.url}/api/v1/search?q={urllib.parse.quote(query)}"
        while time.monotonic() - self.started < START_TIMEOUT_S:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(target, timeout=START_TIMEOUT_S) as answer:
                    answer.read()
                    return time.monotonic() - self.started
            except OSError:
                time.sleep(0.002)
        fail(f"the server answered no search:\n{tail(self.log)}")

    def memory(self):
        """Returns the process's resident memory, and the part of it that is not pages of files."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        value = lambda name: int(re.search(rf"^{name}:\s+(\d+) kB", status, re.M)[1]) * 1024
        return {"rss_bytes": value("VmRSS"), "anonymous_bytes": value("RssAnon")}


def latency(options, data, queries, work):
    return json.loads(run([options.latency, data, queries], work)["printed"])


def load(options, server, queries, work, *settings):
    report = json.loads(run([options.load, server.url, queries, *settings], work)["printed"])
    if report["errors"] > 0.01 * report["requests"]:
        fail(f"{report['errors']} of {report['requests']} searches failed:\n{tail(server.log)}")
    return report


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}
