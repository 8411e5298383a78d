"""A session as a notebook page has it: run, restart, interrupt, error, input, completion and a crash of nobody."""
import os
import sys
import time

from jupyter_client.manager import start_new_kernel

TIMEOUT = 60


def run(client, code, **options):
    """Runs a cell; returns its reply and the messages that it published."""
    message_id = client.execute(code, **options)
    reply = client.get_shell_msg(timeout=TIMEOUT)
    while reply["parent_header"].get("msg_id") != message_id:
        reply = client.get_shell_msg(timeout=TIMEOUT)
    return reply["content"], published(client, message_id)


def published(client, message_id):
    messages = []
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        messages.append(message)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return messages


def result(messages):
    return [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"]


def main():
    manager, client = start_new_kernel(kernel_name=os.environ["KERNEL_NAME"], startup_timeout=TIMEOUT)
    try:
        reply, messages = run(client, "int kept = 41; kept + 1")
        assert reply["status"] == "ok" and result(messages) == ["42"], messages

        # An endless loop is interrupted, and what it had made is there.
        started = time.monotonic()
        message_id = client.execute("int turns = 0; Console.WriteLine(\"go\"); while (true) turns++;")
        while client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=TIMEOUT)["content"]
        assert reply["status"] == "error" and reply["ename"] == "Interrupted", reply
        published(client, message_id)
        reply, messages = run(client, "turns > 0 && kept == 41")
        assert result(messages) == ["True"], messages
        print(f"interrupted after {time.monotonic() - started:.2f} s")

        reply, messages = run(client, "int[] a = new int[1];\na[3] = 1;")
        assert reply["ename"] == "IndexOutOfRangeException", reply
        assert any("line 2" in line for line in reply["traceback"]), reply["traceback"]

        # A question goes to whoever runs the cell.
        client.execute("ReadLine(\"name: \")", allow_stdin=True)
        question = client.get_stdin_msg(timeout=TIMEOUT)["content"]
        assert question["prompt"] == "name: " and not question["password"], question
        client.input("Ada")
        assert client.get_shell_msg(timeout=TIMEOUT)["content"]["status"] == "ok"

        # Much output arrives bounded, and the kernel answers after it.
        reply, messages = run(client, "var line = new string('x', 1 << 20); for (int i = 0; i < 100; i++) Console.WriteLine(line);")
        length = sum(len(m["content"]["text"]) for m in messages if m["msg_type"] == "stream")
        assert 1 << 20 < length < 32 << 20, length
        assert "not shown" in messages[-2]["content"]["text"], messages[-2]

        manager.restart_kernel(now=False)
        client.wait_for_ready(timeout=TIMEOUT)
        reply, messages = run(client, "kept")
        assert reply["status"] == "error" and "kept" in reply["evalue"], reply
        reply, messages = run(client, "int kept = 1; kept + 1")
        assert result(messages) == ["2"] and reply["execution_count"] == 2, messages

        # A cell that ends the process says so before it is gone, and the next kernel is a whole one again.
        message_id = client.execute("await Task.Run(() => Environment.Exit(3));")
        said = client.get_iopub_msg(timeout=TIMEOUT)
        while said["msg_type"] != "stream" or said["parent_header"].get("msg_id") != message_id:
            said = client.get_iopub_msg(timeout=TIMEOUT)
        assert "(exit code 3)" in said["content"]["text"], said
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=TIMEOUT)
        reply, messages = run(client, "1 + 1")
        assert result(messages) == ["2"] and reply["execution_count"] == 1, messages
        print("session ok")
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


if __name__ == "__main__":
    sys.exit(main())
