"""F# cells in a kernel process: nothing of the language is loaded before the first of them."""
import sys

from kernel_client import Clock, kernel, text

LOADED = 'AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name.StartsWith("FSharp.Compiler") || a.GetName().Name == "NotebookPersist.FSharp")'


def main():
    with kernel() as it:
        it.run("int x = 6;")
        assert it.value(LOADED) == "False"
        assert it.value('AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name == "FSharp.Core")') in ("0", "1")
        before = it.resident()
        clock = Clock()
        reply, messages = it.run('#!fsharp\n#!share x --from csharp\nlet y = x * 7\nprintfn "hello"')
        assert reply["status"] == "ok", reply
        print(f"first F# cell: {clock.seconds():.1f} s, {(it.resident() - before) / 1e6:.0f} MB")
        assert text(messages, "stdout") == "hello\n", messages
        it.run("#!share y --from fsharp")
        assert it.value("y") == "42"
        assert it.value(LOADED) == "True"
        clock = Clock()
        it.run("#!fsharp\nlet z = y + 1")
        print(f"a later one: {clock.seconds() * 1000:.0f} ms")
        it.run("#!fsharp\nlet mutable i = 0")
        message_id = it.execute("#!fsharp\nprintfn \"on\"\nwhile true do\n    i <- i + 1")
        it.published(message_id, until="stream")
        clock = Clock()
        it.message()
        assert it.reply(message_id)["ename"] == "Interrupted"
        print(f"interrupt: {clock.seconds() * 1000:.0f} ms")
        it.published(message_id)
        it.run("#!share i --from fsharp")
        assert int(it.value("i")) > 0
        reply, _ = it.run("#!fsharp\nlet a = 1\na + nope")
        assert (reply["status"], reply["ename"]) == ("error", "CompilationError") and "line 3, column 5" in reply["traceback"][0], reply
    print("languages ok")


if __name__ == "__main__":
    sys.exit(main())
