using System.Text.Json.Nodes;

namespace NotebookPersist.Kernel.Scripting;

/// <summary>One thing a running cell shows. The kinds are those of the Jupyter protocol.</summary>
public abstract record CellOutput
{
    private protected CellOutput()
    {
    }
}

/// <summary>Text written to a console stream.</summary>
/// <param name="Name">"stdout" or "stderr".</param>
/// <param name="Text">The text, with its line ends.</param>
public sealed record StreamOutput(string Name, string Text) : CellOutput;

/// <summary>A value shown by the cell while it ran.</summary>
/// <param name="Data">The value in each of its forms, by MIME type; JSON types hold JSON text.</param>
/// <param name="DisplayId">Names the display so that it can be updated later; null when it cannot.</param>
/// <param name="IsUpdate">True when this replaces what the display with the same id shows.</param>
public sealed record DisplayOutput(IReadOnlyDictionary<string, string> Data, string? DisplayId = null, bool IsUpdate = false) : CellOutput;

/// <summary>The value of the cell's last expression.</summary>
/// <param name="Data">The value in each of its forms, by MIME type; JSON types hold JSON text.</param>
/// <param name="ExecutionCount">The number of the cell's run, from 1.</param>
public sealed record ResultOutput(IReadOnlyDictionary<string, string> Data, int ExecutionCount) : CellOutput;

/// <summary>Why the cell stopped.</summary>
/// <param name="Name">The kind of error: the exception's type, "CompilationError" or "Interrupted".</param>
/// <param name="Message">The error in one or two sentences.</param>
/// <param name="Traceback">The error as shown to the reader, line by line.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback) : CellOutput;

/// <summary>What the cell has shown so far is taken away.</summary>
/// <param name="Waits">Whether it stays until there is something to take its place, so that nothing flickers.</param>
public sealed record ClearOutput(bool Waits) : CellOutput;

/// <summary>What happens on a connection to the page.</summary>
public enum CommStep
{
    /// <summary>The kernel opens it.</summary>
    Open,

    /// <summary>The kernel sends data.</summary>
    Message,

    /// <summary>The kernel closes it.</summary>
    Close,
}

/// <summary>A message to something in the page. Nothing of it is shown, and documents do not keep it.</summary>
/// <param name="Step">What happens.</param>
/// <param name="Id">What both sides call the connection.</param>
/// <param name="Target">The name that it was opened under.</param>
/// <param name="Data">What is sent.</param>
public sealed record CommOutput(CommStep Step, string Id, string Target, JsonObject Data) : CellOutput;
