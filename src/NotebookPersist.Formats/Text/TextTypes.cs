using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using NotebookPersist.Protos;

namespace NotebookPersist.Formats.Text;

/// <summary>The messages that an expanded Any can name.</summary>
internal static class TextTypes
{
    /// <summary>Our own messages by their full names.</summary>
    public static FrozenDictionary<string, MessageDescriptor> All { get; } = Collect();

    private static FrozenDictionary<string, MessageDescriptor> Collect()
    {
        Dictionary<string, MessageDescriptor> types = new(StringComparer.Ordinal);
        Stack<FileDescriptor> files = new([MetaGraphDef.Descriptor.File, CheckpointState.Descriptor.File, SavedTensorSlices.Descriptor.File]);
        while (files.TryPop(out FileDescriptor? file))
        {
            foreach (MessageDescriptor type in file.MessageTypes)
                types[type.FullName] = type;
            foreach (FileDescriptor dependency in file.Dependencies)
                files.Push(dependency);
        }

        return types.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
