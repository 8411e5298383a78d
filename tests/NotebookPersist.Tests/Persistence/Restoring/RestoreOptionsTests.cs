using CsCheck;
using NotebookPersist.Kernel.Scripting;
using Xunit;

namespace NotebookPersist.Tests.Persistence.Restoring;

public sealed class RestoreOptionsTests
{
    [Fact]
    public void Options_are_read_as_users_write_them()
    {
        Assert.True(RestoreOptions.TryParse("a=b, c/d=e", "^x{1,2}/=>y/,z$=>", "fc8/*,/a{1,2}b/, w", out RestoreOptions? options, out _));
        Assert.Equal([("a", "b"), ("c/d", "e")], options.Map.Select(static m => (m.Key, m.Value)));
        Assert.Equal([new RestoreRename("^x{1,2}/", "y/"), new RestoreRename("z$", "")], options.Renames);
        Assert.Equal(["fc8/*", "/a{1,2}b/", "w"], options.Skip);
    }

    [Theory]
    [InlineData("a", null, "--map takes names as old=new; 'a' was given.")]
    [InlineData(null, "a", "--rename takes regex=>replacement; 'a' was given.")]
    [InlineData(null, "=>a", "--rename takes regex=>replacement; '=>a' was given.")]
    public void What_is_no_option_is_told(string? map, string? renames, string words)
    {
        Assert.False(RestoreOptions.TryParse(map, renames, null, out _, out string? fault));
        Assert.Equal(words, fault);
    }

    [Fact]
    public void Options_that_words_cannot_tell_are_left_to_code()
    {
        var options = new RestoreOptions { Map = new Dictionary<string, string> { ["a,b"] = "c\"\n" } };
        Assert.Null(options.ToArguments());
        Assert.Equal("new RestoreOptions { Map = new Dictionary<string, string> { [\"a,b\"] = \"c\\\"\\u000a\" } }", options.ToCode());
        Assert.Equal("", RestoreOptions.Default.ToArguments());
        Assert.Equal("--partial --lazy", new RestoreOptions { Partial = true, Lazy = true }.ToArguments());
    }

    [Fact]
    public void Words_of_options_are_read_back_as_a_cell_reads_them()
    {
        Gen<string> name = Gen.Char["ab/_.:$\\'\" =,>^é"].Array[1, 6].Select(static c => new string(c));
        Gen.Select(Gen.Dictionary(name, name)[0, 3], Gen.Select(name, name).Array[0, 3], name.Array[0, 3]).Sample(
            (map, renames, skip) =>
            {
                var options = new RestoreOptions { Map = map, Renames = [.. renames.Select(static r => new RestoreRename(r.Item1, r.Item2))], Skip = skip };
                if (options.ToArguments() is not { } arguments)
                    return;
                IReadOnlyList<string> words = MagicLine.Parse($"#!restore m {arguments}", 1).Arguments;
                string? Value(string option) => words.ToList().IndexOf(option) is >= 0 and int at ? words[at + 1] : null;
                Assert.True(RestoreOptions.TryParse(Value("--map"), Value("--rename"), Value("--skip"), out RestoreOptions? read, out string? fault), fault);
                Assert.Equal(map.OrderBy(static m => m.Key, StringComparer.Ordinal), read.Map.OrderBy(static m => m.Key, StringComparer.Ordinal));
                Assert.Equal(options.Renames, read.Renames);
                Assert.Equal(skip, read.Skip);
            },
            iter: 2000);
    }
}
