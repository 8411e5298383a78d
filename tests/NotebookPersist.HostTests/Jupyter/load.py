"""Thousands of cells in one session: how long the last ones take, and what memory they cost."""
import os
import statistics
import sys

from kernel_client import Clock, kernel

# The whole of it is 10,000; then the time counts too, on a machine that does nothing else.
FULL = os.environ.get("NOTEBOOKPERSIST_LOAD_CELLS")
CELLS = int(FULL or "1000")
WARM = 200
WINDOW = 200
MOST_GROWTH = 20  # Unit: KB.


def code(i):
    """What people run over and over: values, loops, functions and types declared again, and now and then a new name."""
    kinds = [
        f"total + {i}",
        f"total += {i}; var squares = Enumerable.Range(0, 10).Select(x => x * x + {i % 5}).ToArray();",
        f"for (int k = 0; k < 10; k++) total += k;\nConsole.WriteLine(\"step {i}\");",
        f"int Add(int a, int b) => a + b + {i % 3};\nAdd({i}, 1)",
        f"var text = $\"{{total}} of {i}\"; text.Length",
        f"record Point(int X, int Y); var point = new Point({i}, (int)total); point.X",
        "squares.Sum() + text.Length",
        f"var name{i} = new List<int> {{ {i} }}; name{i}.Count",
    ]
    return kinds[i % len(kinds)]


def held(it):
    """Unit: bytes of objects in use."""
    return int(it.value("GC.GetTotalMemory(true)"))


def main():
    with kernel() as it:
        it.run('long total = 0; var squares = new int[0]; var text = ""; int kept = 41;')
        times = []
        for i in range(CELLS):
            clock = Clock()
            reply, _ = it.run(code(i))
            times.append(clock.seconds())
            assert reply["status"] == "ok", (i, reply)
            if i + 1 == WARM:
                at_first = held(it)
            if (i + 1) % 200 == 0:
                print(f"{i + 1:6} cells: {statistics.median(times[-WINDOW:]) * 1000:6.1f} ms, {it.resident() / 1e6:6.0f} MB", flush=True)
        assert it.value("kept + 1") == "42"
        growth = (held(it) - at_first) / 1000 / (CELLS - WARM)
        first, last = statistics.median(times[WARM : WARM + WINDOW]), statistics.median(times[-WINDOW:])
        loaded = int(it.value("AppDomain.CurrentDomain.GetAssemblies().Count(a => a.IsCollectible)"))
        print(f"{loaded} cells are loaded, {CELLS // 8} variables live")
        print(f"latency {first * 1000:.1f} ms to {last * 1000:.1f} ms, {growth:.1f} KB of objects a cell, {it.resident() / 1e6:.0f} MB, {it.peak() / 1e6:.0f} MB peak")
        # As many as are kept for a while, however many have run.
        assert loaded < 300, loaded
        assert growth < MOST_GROWTH, growth
        if FULL:
            assert last < 2.5 * first, (first, last)
            assert it.peak() < 500e6, it.peak()
    print("load ok")


if __name__ == "__main__":
    sys.exit(main())
