using Google.Protobuf;

namespace NotebookPersist.Graphs.Interchange;

/// <summary>An item of a graph collection that meta graphs keep as a message, such as a saver or a context of a loop.</summary>
public interface IStoredItem
{
    /// <summary>The message that TensorFlow keeps for the item.</summary>
    IMessage ToMessage();
}
