namespace NotebookPersist.Kernel.Languages;

/// <summary>Thrown when code of another language cannot be understood.</summary>
public sealed class LanguageException : Exception
{
    /// <summary>Tells what is wrong, and where.</summary>
    /// <param name="errors">At least one.</param>
    public LanguageException(IReadOnlyList<LanguageError> errors)
        : base(errors is [var first, ..] ? $"({first.Line},{first.Column}): error {first.Id}: {first.Message}{(errors.Count > 1 ? $" (and {errors.Count - 1} more)" : "")}" : "")
        => Errors = errors;

    /// <summary>Tells what is wrong with no place in particular.</summary>
    /// <param name="message">That, in a sentence.</param>
    public LanguageException(string message)
        : base(message)
        => Errors = [];

    /// <summary>The errors, in the order of the text.</summary>
    public IReadOnlyList<LanguageError> Errors { get; }
}

/// <summary>An error in code of another language.</summary>
/// <param name="Line">The line in the cell, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Length">How many characters of the line it is about; larger than the line where it goes on in the next.</param>
/// <param name="Id">What the compiler calls it.</param>
/// <param name="Message">What is wrong.</param>
public sealed record LanguageError(int Line, int Column, int Length, string Id, string Message);
