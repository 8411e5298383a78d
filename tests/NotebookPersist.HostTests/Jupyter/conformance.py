"""Jupyter's own conformance tests (jupyter_kernel_test) against the kernel, with samples in C#."""
import os
import sys
import unittest

import jupyter_kernel_test


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ["KERNEL_NAME"]
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("oh no");'
    completion_samples = [
        {"text": "Console.WriteL", "matches": {"WriteLine"}},
        {"text": "#!resto", "matches": {"#!restore"}},
        {"text": "tf.GlobalVariablesIni", "matches": {"GlobalVariablesInitializer"}},
    ]
    complete_code_samples = ["1 + 1", "var x = 5;", "#!lsmagic", "if (true) { }", "void F() { }", ""]
    incomplete_code_samples = ["if (true) {", "var x = 5 +", "/* open", 'var s = """', "foreach (var i in new[] { 1 })"]
    invalid_code_samples = ["var = = 5;", "return 1 2;"]
    code_page_something = "Console.WriteLine?"
    code_generate_error = 'throw new InvalidOperationException("boom");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "1 + 1", "result": "2"},
        {"code": '"text"', "result": "text"},
        {"code": "new List<int> { 1, 2 }", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'DisplayAs("<b>x</b>", "text/html");', "mime": "text/html"},
        {"code": "Display(1);", "mime": "text/plain"},
        {"code": "#!lsmagic", "mime": "text/html"},
    ]
    code_history_pattern = "1 + *"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Console.WriteLine"
    code_clear_output = "ClearOutput();"


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    print(f"{result.testsRun} run, {len(result.failures)} failed, {len(result.errors)} broken, {len(result.skipped)} skipped")
    sys.exit(not result.wasSuccessful() or len(result.skipped) > 0)
