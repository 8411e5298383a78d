using System.Text;
using NotebookPersist.Formats.Text;
using NotebookPersist.Fuzzing.Mutation;
using NotebookPersist.Protos;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>The file in which a saver notes its checkpoints.</summary>
internal sealed class StateTarget() : FuzzTarget("state")
{
    private const string File = CheckpointStateFile.DefaultName;

    public override IEnumerable<FuzzInput> Seeds(Corpus corpus) =>
    [
        .. corpus.Files(File).Select(static p => FuzzInput.Of((File, System.IO.File.ReadAllBytes(p)))),
        FuzzInput.Of((File, "model_checkpoint_path: \"m-2\"\nall_model_checkpoint_paths: \"m-1\"\nall_model_checkpoint_paths: \"m-2\"\n"u8.ToArray())),
        FuzzInput.Of((File, "model_checkpoint_path: \"/tmp/\\303\\244\\\"/m\"\nall_model_checkpoint_timestamps: 1.5e9\nlast_preserved_timestamp: 1500000000.25\n"u8.ToArray())),
    ];

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator) => seed.With(File, mutator.Text(seed.Files[File], other.Files[File]));

    public override object Read(string folder, Action<long> accept)
    {
        CheckpointState state = CheckpointStateFile.Read(Path.Combine(folder, File));
        CheckpointStates.Get(folder);
        CheckpointStates.Latest(folder);
        return state;
    }

    public override void Rewrite(object value, string folder) => TextFormat.Parse<CheckpointState>(Encoding.UTF8.GetBytes(TextFormat.Print((CheckpointState)value)));
}
