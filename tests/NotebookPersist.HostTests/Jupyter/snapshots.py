"""A session that is saved by itself: when a cell is interrupted, and when the kernel is told to end."""
import os
import signal
import sys

from kernel_client import TIMEOUT, kernel, text

FOLDER = "snapshot"


def ended_after(stop):
    """A session that asked for snapshots and was then ended."""
    with kernel() as it:
        reply, _ = it.run(f"int kept = 41; string word = \"a\";\n#!save --session {FOLDER} --auto")
        assert reply["status"] == "ok", reply
        message_id = it.execute('kept++; Console.WriteLine("on"); while (true) { }')
        it.published(message_id, until="stream")
        it.signal()
        assert it.reply(message_id)["ename"] == "Interrupted"
        said = text(it.published(message_id), "stdout")
        assert "The session was saved to" in said, said
        at_interrupt = max(os.path.getmtime(os.path.join(folder, name)) for folder, _, names in os.walk(FOLDER) for name in names)
        reply, _ = it.run('word = "b"; var values = new float[] { 1, 2, 3 };')
        assert reply["status"] == "ok", reply
        stop(it)
        it.manager.provisioner.process.wait(TIMEOUT)
        at_end = max(os.path.getmtime(os.path.join(folder, name)) for folder, _, names in os.walk(FOLDER) for name in names)
        assert at_end > at_interrupt


def check_restored():
    with kernel() as it:
        reply, _ = it.run(f"#!restore --session {FOLDER}")
        assert reply["status"] == "ok", reply
        assert it.value('$"{kept} {word} {values.Sum()}"') == "42 b 6"


def main():
    ended_after(lambda it: it.client.shutdown())
    check_restored()
    ended_after(lambda it: os.kill(it.pid, signal.SIGTERM))
    check_restored()
    print("snapshots ok")


if __name__ == "__main__":
    sys.exit(main())
