"""Runs notebooks in .NET Interactive's own tool, with the package from a folder.

    python3 notebooks_in_tool.py TOOL PACKAGES NOTEBOOK...

TOOL is the executable dotnet-interactive, PACKAGES a folder with NotebookPersist.*.nupkg (dotnet pack src/NotebookPersist.Interactive -c Release -o PACKAGES).
Needs jupyter_client. Each notebook has a kernel and a working directory of its own. The first cell that fails ends it; the exit code is then 1.
"""

import json
import os
import pathlib
import sys
import tempfile

PATIENCE = 600  # Seconds; the first restore of the package and the training of a network are the longest.


def install_specification(folder, tool):
    kernel = pathlib.Path(folder, "kernels", "dotnet-interactive")
    kernel.mkdir(parents=True)
    arguments = [tool, "jupyter", "--default-kernel", "csharp", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": arguments, "display_name": ".NET (C#)", "language": "C#"}))
    os.environ["JUPYTER_PATH"] = folder
    os.environ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1"


def run(client, code):
    """Runs a cell; gives its error, or None."""
    errors = []

    def note(message):
        if message["msg_type"] == "error":
            errors.append(message["content"]["evalue"])

    reply = client.execute_interactive(code, timeout=PATIENCE, output_hook=note, allow_stdin=False)
    if reply["content"]["status"] != "ok" and not errors:
        errors.append(reply["content"].get("evalue", "no reason is given"))
    return errors[0] if errors else None


def run_notebook(path, packages):
    from jupyter_client.manager import start_new_kernel

    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    with tempfile.TemporaryDirectory() as work:
        manager, client = start_new_kernel(kernel_name="dotnet-interactive", startup_timeout=PATIENCE, cwd=work)
        try:
            for number, code in enumerate([f'#i "nuget:{packages}"'] + ["".join(cell["source"]) for cell in cells]):
                error = run(client, code)
                if error is not None:
                    print(f"{path.name}: code cell {number} failed: {error}")
                    return False
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    print(f"{path.name}: {len(cells)} cells ran.")
    return True


def main(tool, packages, notebooks):
    with tempfile.TemporaryDirectory() as folder:
        install_specification(folder, str(pathlib.Path(tool).resolve()))
        return all([run_notebook(pathlib.Path(notebook), pathlib.Path(packages).resolve()) for notebook in notebooks])


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(0 if main(sys.argv[1], sys.argv[2], sys.argv[3:]) else 1)
