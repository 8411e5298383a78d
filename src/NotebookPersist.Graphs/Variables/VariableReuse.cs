namespace NotebookPersist;

/// <summary>Whether <see cref="Graph.GetVariable"/> makes variables or gives those that exist.</summary>
public enum VariableReuse
{
    /// <summary>As the surrounding scope; outside all, variables are made and must be new.</summary>
    Inherit,

    /// <summary>Variables must exist.</summary>
    Existing,

    /// <summary>Variables are made where they do not exist.</summary>
    Auto,
}
