using NotebookPersist.Kernel.Completion;
using NotebookPersist.Kernel.Scripting;

namespace NotebookPersist.Kernel.Languages;

/// <summary>Runs the cells of a language besides C#. Lives in an assembly of its own, which is loaded with the first such cell.</summary>
/// <remarks>Has a public constructor that takes the <see cref="CellContext"/>. Cells run one at a time. Thread safety: all members may be called from any thread.</remarks>
public interface ICellLanguage : IDisposable
{
    /// <summary>What its code has declared so far, the latest declaration of each name.</summary>
    IReadOnlyList<NotebookVariable> Variables { get; }

    /// <summary>Runs code on the calling thread; what earlier code has declared can be used.</summary>
    /// <param name="code">The code, its lines at their places in the cell.</param>
    /// <param name="name">What errors and stack traces call the cell.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The value of the last expression.</returns>
    /// <exception cref="LanguageException">The code does not compile; nothing of it has run, or only directives have.</exception>
    LanguageResult Run(string code, string name, CancellationToken cancellation);

    /// <summary>Declares a value for the code to use.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its declared type.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="LanguageException">The language cannot name it or its type.</exception>
    void Declare(string name, Type type, object? value);

    /// <summary>What can stand at a place; nothing while code runs.</summary>
    /// <param name="code">The code.</param>
    /// <param name="position">The place. Unit: UTF-16 units.</param>
    CellCompletion Complete(string code, int position);
}

/// <summary>What code of another language ended in.</summary>
/// <param name="HasValue">Whether it ended in a value to show.</param>
/// <param name="Value">That value; null may be a value.</param>
public readonly record struct LanguageResult(bool HasValue, object? Value);
