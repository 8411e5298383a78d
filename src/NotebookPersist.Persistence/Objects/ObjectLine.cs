namespace NotebookPersist;

/// <summary>A line of an object graph told as a tree: a place where an object is held.</summary>
/// <param name="Depth">Steps from the root.</param>
/// <param name="Name">The object's name there; long ones are cut.</param>
/// <param name="Facts">What is known of the object, or which other place tells it.</param>
/// <param name="Node">The object.</param>
/// <param name="IsShared">True where another place tells of the object.</param>
public sealed record ObjectLine(int Depth, string Name, string Facts, ObjectNode Node, bool IsShared);
