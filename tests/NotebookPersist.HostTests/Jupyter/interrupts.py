"""Interrupts by message and by signal in every phase of a cell, and what is said of a cell that takes none."""
import sys
import time

from kernel_client import Clock, kernel, text

# Long to compile: the interrupt comes while it is compiled, and nothing of it runs.
LONG = 'Console.WriteLine("ran");\n' + "\n".join(
    f"int F{i}(int x) {{ var a = new[] {{ x, {i} }}.Select(y => y + {i}).Where(y => y > {i % 7}).ToArray(); return a.Length; }}" for i in range(6000))

# What a cell may be busy with, each announced by a line of output.
BUSY = {
    "a loop": "while (true) kept++;",
    "a sleep": "System.Threading.Thread.Sleep(100_000);",
    "an await": "await System.Threading.Tasks.Task.Delay(100_000);",
    "a wait for tasks": "System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task.Delay(100_000), System.Threading.Tasks.Task.Delay(100_000));",
    "a query": "Enumerable.Range(0, int.MaxValue).Select(i => (long)i * i).Where(i => i < 0).Count()",
    "a catch-all": "while (true) { try { System.Threading.Thread.Sleep(10); } catch (Exception) { } }",
    "a lock": "var gate = new object(); new System.Threading.Thread(() => { lock (gate) System.Threading.Thread.Sleep(100_000); }) { IsBackground = true }.Start();\n"
              "System.Threading.Thread.Sleep(100); lock (gate) { }",
    "a graph": "var big = tf.Constant(new float[2000, 2000]); var product = big; for (int i = 0; i < 200; i++) product = tf.MatMul(product, big);\n"
               "using (var session = new Session()) session.Run(product);",
    "a value's text": "new Endless()",
}


def check(it, interrupt, how):
    # Between cells: nothing is stopped, and the next cell runs.
    for _ in range(3):
        interrupt()
    time.sleep(0.2)
    assert it.value("6 * 7") == "42"
    it.run("int kept = 1;\nclass Endless { public override string ToString() { while (true) { } } }")

    message_id = it.execute(LONG)
    it.published(message_id, until="execute_input")
    time.sleep(0.1)
    interrupt()
    clock = Clock()
    reply = it.reply(message_id)
    assert reply["status"] == "error" and reply["ename"] == "Interrupted", reply
    assert text(it.published(message_id), "stdout") == "", "The cell ran."
    print(f"{how}: compiling, stopped after {clock.seconds():.2f} s")
    reply, _ = it.run("F1(1)")
    assert reply["status"] == "error" and "F1" in reply["evalue"], reply

    for phase, code in BUSY.items():
        message_id = it.execute(f'Console.WriteLine("on");\n{code}')
        it.published(message_id, until="stream")
        time.sleep(0.1)
        interrupt()
        clock = Clock()
        reply = it.reply(message_id)
        assert reply["status"] == "error" and reply["ename"] == "Interrupted", (phase, reply)
        it.published(message_id)
        print(f"{how}: {phase}, stopped after {clock.seconds():.2f} s")
        assert int(it.value("kept")) >= 1

    # Whoever is asked for a line may interrupt instead of answering.
    message_id = it.execute('ReadLine("name: ")', allow_stdin=True)
    assert it.client.get_stdin_msg(timeout=60)["content"]["prompt"] == "name: "
    interrupt()
    reply = it.reply(message_id)
    assert reply["ename"] == "Interrupted", reply
    it.published(message_id)

    # A queue ends with the cell that is stopped.
    first = it.execute('Console.WriteLine("on"); while (true) { }')
    second = it.execute("kept = -1;")
    it.published(first, until="stream")
    interrupt()
    assert it.reply(first)["ename"] == "Interrupted"
    assert it.reply(second)["status"] == "aborted"
    it.published(second)
    assert int(it.value("kept")) >= 1


def check_unstoppable(it):
    """Native code takes no interrupt: that is said while it lasts, and the cell ends with it."""
    it.run("""
        static class Native
        {
            [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "system")]
            public static extern int Run(string command);
        }
        """)
    message_id = it.execute('Console.WriteLine("on"); Native.Run("sleep 8"); while (true) { }')
    it.published(message_id, until="stream")
    it.message()
    clock = Clock()
    told = it.published(message_id, until="stream")[-1]["content"]
    said_after = clock.seconds()
    assert told["name"] == "stderr" and "has not stopped yet" in told["text"] and "restart the kernel" in told["text"], told
    reply = it.reply(message_id)
    assert reply["ename"] == "Interrupted", reply
    it.published(message_id)
    print(f"native code: said after {said_after:.2f} s, stopped after {clock.seconds():.2f} s")
    assert it.value("6 * 7") == "42"


def main():
    with kernel() as it:
        check(it, it.message, "message")
        check(it, it.signal, "signal")
        check_unstoppable(it)
    print("interrupts ok")


if __name__ == "__main__":
    sys.exit(main())
