using System.Text;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>Sends what a cell writes to the console to that cell, also when several engines run in one process.</summary>
/// <remarks>
/// The console belongs to the process, so the router is installed once and asks for every write which cell the writing code belongs to.
/// Code outside any cell keeps the console that was there before.
/// </remarks>
internal static class ConsoleRouter
{
    private static readonly Lock Gate = new();
    private static TextWriter? _out;
    private static TextWriter? _error;
    private static TextReader? _in;

    /// <summary>Installs the router, again if somebody has replaced the console since.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (!ReferenceEquals(Console.Out, _out))
            {
                Console.SetOut(new Writer("stdout", Console.Out));
                _out = Console.Out;
            }

            if (!ReferenceEquals(Console.Error, _error))
            {
                Console.SetError(new Writer("stderr", Console.Error));
                _error = Console.Error;
            }

            if (!ReferenceEquals(Console.In, _in))
            {
                Console.SetIn(new Reader(Console.In));
                _in = Console.In;
            }
        }
    }

    private sealed class Writer(string name, TextWriter outside) : TextWriter
    {
        public override Encoding Encoding => outside.Encoding;

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (CellSession.Current is { } session)
                session.Write(name, buffer.ToString());
            else
                outside.Write(buffer);
        }

        public override void WriteLine(string? value) => Write(value + Environment.NewLine);

        public override void Flush()
        {
            if (CellSession.Current is { } session)
                session.Flush();
            else
                outside.Flush();
        }
    }

    private sealed class Reader(TextReader outside) : TextReader
    {
        private string _line = "";
        private int _position;

        public override string? ReadLine()
        {
            if (CellSession.Current is not { } session)
                return outside.ReadLine();
            if (_position < _line.Length)
            {
                var rest = _line[_position..].TrimEnd('\n');
                _position = _line.Length;
                return rest;
            }

            return session.Ask("", isPassword: false);
        }

        public override int Read()
        {
            if (CellSession.Current is not { } session)
                return outside.Read();
            if (_position >= _line.Length)
            {
                _line = session.Ask("", isPassword: false) + "\n";
                _position = 0;
            }

            return _line[_position++];
        }

        public override int Peek()
        {
            if (CellSession.Current is null)
                return outside.Peek();
            return _position < _line.Length ? _line[_position] : -1;
        }
    }
}
