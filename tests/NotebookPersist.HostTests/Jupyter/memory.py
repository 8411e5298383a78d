"""Completions leave no memory behind: a kernel's private memory after 20 of them and after 200 more."""
import os

from jupyter_client.manager import start_new_kernel

MOST_GROWTH = 100 << 10  # In KiB. It was 40 MB for each completion when every one read its references anew.


def private(manager):
    with open(f"/proc/{manager.provisioner.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon:"))


def complete(client, code):
    message_id = client.complete(code)
    while True:
        reply = client.get_shell_msg(timeout=120)
        if reply["parent_header"].get("msg_id") == message_id:
            assert reply["content"]["matches"], code
            return


def main():
    manager, client = start_new_kernel(kernel_name=os.environ["KERNEL_NAME"], startup_timeout=60)
    try:
        for i in range(220):
            if i == 20:
                before = private(manager)
            complete(client, f"var value{i} = Console.Wri")
        growth = private(manager) - before
        assert growth < MOST_GROWTH, f"{growth >> 10} MB more than {before >> 10} MB"
        print("memory ok")
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


main()
