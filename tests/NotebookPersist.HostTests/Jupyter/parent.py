"""A kernel ends with the client that started it, also in the middle of a cell."""
import os
import subprocess
import sys
import time

from kernel_client import TIMEOUT, Clock

# The client that is killed: it starts a kernel, gives it something to do, and says which process it is.
CLIENT = """
import sys
from kernel_client import kernel
import time
with kernel() as it:
    message_id = it.execute(sys.argv[1])
    it.published(message_id, until="stream")
    print(it.pid, flush=True)
    time.sleep(1000)
"""
QUIET = 'Console.WriteLine("on");'
BUSY = 'Console.WriteLine("on"); while (true) { }'


def runs(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def kernel_of_killed_client(code):
    here = os.path.dirname(os.path.abspath(__file__))
    client = subprocess.Popen([sys.executable, "-c", CLIENT, code], stdout=subprocess.PIPE, cwd=here, text=True)
    pid = int(client.stdout.readline())
    assert runs(pid)
    client.kill()
    client.wait()
    return pid


def check_ends(name, code):
    pid = kernel_of_killed_client(code)
    clock = Clock()
    while runs(pid):
        assert clock.seconds() < TIMEOUT, f"The kernel of a killed client still runs: {name}."
        time.sleep(0.1)
    print(f"{name}: ended {clock.seconds():.1f} s after its client", flush=True)


def main():
    check_ends("between cells", QUIET)
    check_ends("in a cell", BUSY)
    print("parent ok")


if __name__ == "__main__":
    sys.exit(main())
