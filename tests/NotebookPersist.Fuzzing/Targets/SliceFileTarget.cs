using NotebookPersist.Fuzzing.Mutation;

namespace NotebookPersist.Fuzzing.Targets;

/// <summary>V1 checkpoints: the list of tensors and the values of slices.</summary>
internal sealed class SliceFileTarget() : CheckpointTarget("slices", verifyChecksums: true)
{
    public override IEnumerable<FuzzInput> Seeds(Corpus corpus) => corpus.SliceFiles().Select(static p => FuzzInput.Of((Prefix, File.ReadAllBytes(p)))).Concat(OwnCheckpoints.SliceFiles(Prefix));

    public override FuzzInput Mutate(FuzzInput seed, FuzzInput other, Mutator mutator) =>
        seed.With(Prefix, mutator.Table(seed.Files[Prefix], other.Files[Prefix], (_, value) => mutator.Message(value, other.Files[Prefix])));
}
