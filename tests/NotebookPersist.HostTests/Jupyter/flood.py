"""Cells that show more than any page can take: the kernel bounds it, says so, takes interrupts meanwhile, and goes on."""
import sys

from kernel_client import Clock, kernel, text

LINES = 500_000  # Of a hundred bytes each, to each of the two streams: 100 MB.
DISPLAYS = 100_000

PRINT = f"""
string line = new string('x', 99);
for (int i = 0; i < {LINES}; i++)
{{
    Console.WriteLine(line);
    Console.Error.WriteLine(line);
}}
"""
UPDATE = f"""
var live = Display(0);
for (int i = 1; i <= {DISPLAYS}; i++)
    live.Update(i);
"""
MOST_BYTES = 8 << 20
MOST_MESSAGES = 5_000
MOST_GROWTH = 150e6


def kinds(messages, kind):
    return [m for m in messages if m["msg_type"] == kind]


def check(it, name, code, said):
    before = it.resident()
    clock = Clock()
    reply, messages = it.run(code)
    assert reply["status"] == "ok", reply
    shown = sum(len(m["content"].get("text", "")) for m in messages)
    growth = it.peak() - before
    print(f"{name}: {clock.seconds():.1f} s, {len(messages)} messages, {shown / 1e6:.1f} MB of text, {growth / 1e6:.0f} MB more memory", flush=True)
    assert len(messages) < MOST_MESSAGES, len(messages)
    assert shown < MOST_BYTES + 1000, shown
    assert said in text(messages, "stderr")[-400:], text(messages, "stderr")[-400:]
    assert growth < MOST_GROWTH, growth
    assert it.value("6 * 7") == "42"
    return messages


def check_interrupt(it, name, code):
    """The interrupt comes while the cell floods."""
    message_id = it.execute(f"while (true) {{ {code} }}")
    it.published(message_id, until="display_data" if "Display" in code else "stream")
    it.message()
    clock = Clock()
    reply = it.reply(message_id)
    assert reply["ename"] == "Interrupted", reply
    print(f"{name}: stopped after {clock.seconds():.2f} s", flush=True)
    it.published(message_id)
    assert it.value("6 * 7") == "42"


def main():
    with kernel() as it:
        assert it.value("6 * 7") == "42"
        left = 2 * LINES * 100 - MOST_BYTES
        check(it, "100 MB of lines to both streams", PRINT, f"{left:,} more characters were printed and are not shown")
        messages = check(it, "100,000 displays", f"for (int i = 0; i < {DISPLAYS}; i++) Display(i);", "more displays were made and are not shown")
        assert len(kinds(messages, "display_data")) >= 1000
        messages = check(it, "100,000 updates of one display", UPDATE, "")
        updates = kinds(messages, "update_display_data")
        assert updates and updates[-1]["content"]["data"]["text/plain"] == str(DISPLAYS), updates[-1:]
        check_interrupt(it, "lines", "Console.WriteLine(\"line\"); Console.Error.WriteLine(\"line\");")
        check_interrupt(it, "displays", "Display(1);")
        check_interrupt(it, "text", "Console.Write(new string('x', 1 << 20));")
    print("flood ok")


if __name__ == "__main__":
    sys.exit(main())
