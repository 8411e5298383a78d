"""A kernel process and a client of it, as the other programs here use them."""
import contextlib
import os
import signal
import time

from jupyter_client.manager import start_new_kernel

TIMEOUT = 120


class Kernel:
    """A running kernel. Everything that waits fails after two minutes."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name=os.environ["KERNEL_NAME"], startup_timeout=TIMEOUT)
        self.pid = self.manager.provisioner.process.pid

    def execute(self, code, **options):
        return self.client.execute(code, **options)

    def reply(self, message_id):
        reply = self.client.get_shell_msg(timeout=TIMEOUT)
        while reply["parent_header"].get("msg_id") != message_id:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
        return reply["content"]

    def published(self, message_id, until="idle"):
        """What a request published, up to its idle status or to the first message of another type."""
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            parent = message["parent_header"]
            # The manager numbers its interrupts as the client numbers its requests, from the same beginning.
            if parent.get("msg_id") != message_id or parent.get("msg_type") == "interrupt_request":
                continue
            messages.append(message)
            if message["msg_type"] == until or message["content"].get("execution_state") == until:
                return messages

    def run(self, code, **options):
        """Runs a cell; returns its reply and what it published."""
        message_id = self.execute(code, **options)
        return self.reply(message_id), self.published(message_id)

    def value(self, code):
        """The text of a cell's value."""
        reply, messages = self.run(code)
        assert reply["status"] == "ok", reply
        values = [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"]
        assert len(values) == 1, messages
        return values[0]

    def resident(self):
        """Unit: bytes of memory that the process has."""
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as pages:
            return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def peak(self):
        """Unit: bytes of memory that the process had at most."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

    def signal(self):
        os.kill(self.pid, signal.SIGINT)

    def message(self):
        self.manager.interrupt_kernel()

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()


@contextlib.contextmanager
def kernel():
    """A kernel for the length of a block."""
    started = Kernel()
    try:
        yield started
    finally:
        started.close()


def text(messages, name):
    """What was printed to a stream."""
    return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream" and m["content"]["name"] == name)


class Clock:
    """Unit: seconds since it was made."""

    def __init__(self):
        self.start = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.start
