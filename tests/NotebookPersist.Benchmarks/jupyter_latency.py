"""Latencies and memory of Jupyter kernels, seen by a client: /usr/bin/python3 jupyter_latency.py [STARTS] TOOL.dll...

Each TOOL.dll is a build of this project's tool; Debian's ipykernel is measured beside where it is installed. Kernels take turns, STARTS (5) times each.
Needs Debian's python3-jupyter-client. Linux only: memory is read from /proc.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

WARM = 30
CELLS = 200

CSHARP = dict(cell="1+1", declare="int v{0} = {0};", member="Console.Wri", name="Con", call="Math.Max(1, ", hover="Console.WriteLine")
PYTHON = dict(cell="1+1", declare="v{0} = {0}", member="import os; os.pa", name="pri", call="max(1, ", hover="print")


class Client:
    def __init__(self, manager, kernel):
        started = time.monotonic()
        self.manager = KernelManager(kernel_name=kernel, kernel_spec_manager=manager)
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()

        # The client's own way to wait looks around for some tenths of a second more after the reply.
        self.ask(self.client.kernel_info)
        self.ready = time.monotonic() - started

    def ask(self, send):
        started = time.monotonic()
        message = send()
        while True:
            reply = self.client.get_shell_msg(timeout=120)
            if reply["parent_header"].get("msg_id") == message:
                assert reply["content"]["status"] == "ok", reply["content"]
                return time.monotonic() - started, reply["content"]

    def run(self, code):
        return self.ask(lambda: self.client.execute(code))[0]

    def complete(self, code):
        elapsed, content = self.ask(lambda: self.client.complete(code))
        assert content["matches"], code
        return elapsed

    def inspect(self, code):
        elapsed, content = self.ask(lambda: self.client.inspect(code))
        assert content["found"], code
        return elapsed

    # The private part, compiled code included, is what the kernel adds to the machine; the rest is files that are mapped.
    def memory(self):
        with open(f"/proc/{self.manager.provisioner.pid}/status") as file:
            lines = {name: int(text.split()[0]) / 1024 for name, text in (line.split(":", 1) for line in file) if text.rstrip().endswith("kB")}
        return lines["VmRSS"], lines["RssAnon"] + lines["RssShmem"]

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()


def warm(measure):
    measure()
    return statistics.median(measure() for _ in range(WARM))


def start(manager, kernel, words, rows, isLast):
    client = Client(manager, kernel)
    try:
        note = lambda row, value: rows.setdefault(row, []).append(value)
        note("start to kernel_info_reply, ms", 1000 * client.ready)
        note("first `1+1`, ms", 1000 * client.run(words["cell"]))
        note("second `1+1`, ms", 1000 * client.run(words["cell"]))
        if not isLast:
            note("first completion right after that, ms", 1000 * client.complete(words["member"]))
            return
        time.sleep(6)  # What warms up in the background comes to its end.
        resident, private = client.memory()
        note("memory in use, MB", resident)
        note("of it private, MB", private)
        note("first completion after six seconds, ms", 1000 * client.complete(words["member"]))
        note("warm `1+1`, ms", 1000 * warm(lambda: client.run(words["cell"])))
        measure(client, words, note, "cell 1")
        for i in range(CELLS):
            client.run(words["declare"].format(i))
        measure(client, words, note, f"cell {CELLS}")
        for _ in range(CELLS):
            client.complete(words["member"])
        resident, private = client.memory()
        note(f"memory in use after {CELLS} cells and {CELLS} completions more, MB", resident)
        note("of it private, MB ", private)
    finally:
        client.close()


def measure(client, words, note, when):
    note(f"warm completion of a member at {when}, ms", 1000 * warm(lambda: client.complete(words["member"])))
    note(f"warm completion of a name at {when}, ms", 1000 * warm(lambda: client.complete(words["name"])))
    note(f"warm hover at {when}, ms", 1000 * warm(lambda: client.inspect(words["hover"])))
    note(f"warm signature help at {when}, ms", 1000 * warm(lambda: client.inspect(words["call"])))


def main():
    arguments = sys.argv[1:]
    starts = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 5
    folder = tempfile.mkdtemp()
    os.environ["JUPYTER_DATA_DIR"] = folder
    kernels = {}
    for i, tool in enumerate(arguments):
        subprocess.run(["dotnet", tool, "kernel", "install", "--user", "--name", f"kernel{i}"], check=True, stdout=subprocess.DEVNULL)
        kernels[os.path.basename(os.path.dirname(os.path.abspath(tool))) or tool] = (f"kernel{i}", CSHARP)
    manager = KernelSpecManager()
    if "python3" in manager.find_kernel_specs():
        kernels["ipykernel"] = ("python3", PYTHON)
    results = {title: {} for title in kernels}
    for turn in range(starts):
        for title, (kernel, words) in kernels.items():
            start(manager, kernel, words, results[title], turn == starts - 1)
    print("| | " + " | ".join(kernels) + " |")
    print("|---" * (len(kernels) + 1) + "|")
    rows = dict.fromkeys(row for result in results.values() for row in result)
    for row in rows:
        values = [f"{statistics.median(result[row]):.1f}" if row in result else "" for result in results.values()]
        print(f"| {row.strip()} | " + " | ".join(values) + " |")


main()
