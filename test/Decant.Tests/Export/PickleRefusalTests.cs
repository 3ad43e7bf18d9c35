using System.Text;
using Decant.Export.PyTorch;
using Decant.Torch;

namespace Decant.Tests.Export;

/// <summary>Pickles that want something else than tensors, or lie: refused in words.</summary>
public sealed class PickleRefusalTests : IDisposable
{
    // {'w': tensor of two floats in storage 0} up to the shape; then the rest of it.
    private const string Start = "\u0080\u0002}X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0002tQ";
    private const string End = "\u0089ccollections\nOrderedDict\n)RtRs.";
    private const string Good = Start + "K\0K\u0002\u0085K\u0001\u0085" + End;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_pickle_that_the_others_are_made_of_is_read()
    {
        using var scope = TensorScope.Open();
        using var file = PyTorchFile.Open(Archive(Good));
        Assert.Equal([1f, 2f], file.View("w").ToArray<float>());
    }

    [Theory]
    [InlineData("cposix\nsystem\n(S'id'\ntR.", "posix.system")]
    [InlineData("\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093\u008c\u0002id\u0085R.", "os.system")]
    [InlineData("(S'id'\nios\nsystem\n.", "os.system")]
    [InlineData("(cbuiltins\neval\nS'1'\no.", "builtins.eval")]
    [InlineData("cbuiltins\ngetattr\n.", "builtins.getattr")]
    [InlineData("ctorch.storage\n_load_from_bytes\n(C\u0000tR.", "torch.storage._load_from_bytes")]
    [InlineData("c__main__\nNet\n)\u0081}b.", "__main__.Net")]
    [InlineData("ctorch\nQInt8Storage\n.", "torch.QInt8Storage")]
    [InlineData("cbuiltins\nint\n(S'7'\ntR.", "builtins.int")]
    [InlineData("ccollections\nOrderedDict\n)}K\u0001K\u0001s\u0092.", "named arguments")]
    [InlineData("K\u0001}b.", "state of an object")]
    [InlineData("Pid\n.", "persistent id")]
    [InlineData("(S'module'\nK\u0001tQ.", "persistent id 'module'")]
    [InlineData("\u0082\u0001.", "extension registry")]
    [InlineData("\u0097.", "outside of the file")]
    public void Anything_but_tensors_numbers_text_and_containers_is_refused_by_its_name(string pickle, string said)
    {
        var path = Archive(pickle);
        var error = Refusal(path);
        Assert.Contains(said, error);
        Assert.Contains("refused", error);
        Assert.Contains("byte ", error);
        Assert.Contains("state_dict()", error);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_old_format_refuses_programs_in_every_protocol(int protocol)
    {
        var start = $"\u0080{(char)protocol}";
        var frame = protocol < 4 ? "" : "\u0095\u000d\0\0\0\0\0\0\0";
        var file = $"{start}{frame}\u008a\u000a\u006c\u00fc\u009c\u0046\u00f9\u0020\u006a\u00a8\u0050\u0019.{start}M\u00e9\u0003.{start}}}X\u000d\0\0\0little_endian\u0088s.";
        var error = Refusal(Write(Latin(file + start + (protocol < 4 ? "cposix\nsystem\nX\u0002\0\0\0id\u0085R." : "\u008c\u0005posix\u0094\u008c\u0006system\u0094\u0093\u0094\u008c\u0002id\u0094\u0085\u0094R."))));
        Assert.Contains("posix.system", error);
        Assert.Contains("refused", error);
    }

    [Theory]
    [InlineData("", "breaks off")]
    [InlineData("K", "breaks off")]
    [InlineData(".", "nothing is there")]
    [InlineData("\u0080\u0009N.", "protocol 9")]
    [InlineData("\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fN.", "are announced")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f.", "more than 1024 are refused")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff.", "are announced")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "are announced")]
    [InlineData("\u0096\u00ff\u00ff\u00ff\u00ff\u0000\u0000\u0000\u0000.", "are announced")]
    [InlineData("X\u0001\0\0\0\u00ff.", "not UTF-8")]
    [InlineData("j\u00ff\u00ff\u00ff\u00ff.", "memo is empty")]
    [InlineData("Inine\n.", "no number")]
    [InlineData("t.", "no mark")]
    [InlineData("K\u0001(\u0085.", "nothing is there")]
    [InlineData("K\u0001K\u0002a.", "no list")]
    [InlineData("}(K\u0001u.", "no dictionary, or a value is missing")]
    [InlineData("K\u0001)R.", "no function")]
    [InlineData("\u00fe.", "no opcode")]
    [InlineData("}.", "no named tensors")]
    [InlineData("].", "a list")]
    [InlineData("]q\0h\0a.", "a list")]
    [InlineData("}q\0X\u0005\0\0\0modelh\0s.", "no named tensors")]
    public void A_damaged_pickle_is_refused_in_words(string pickle, string said) => Assert.Contains(said, Refusal(Archive(pickle)));

    [Theory]
    [InlineData(Start + "K\u0001K\u0002\u0085K\u0001\u0085" + End, "reaches beyond")] // first element 1
    [InlineData(Start + "K\0K\u0003\u0085K\u0001\u0085" + End, "reaches beyond")] // three elements
    [InlineData(Start + "K\0K\u0002\u0085K\u0002\u0085" + End, "reaches beyond")] // a stride of two
    [InlineData(Start + "K\0J\u00ff\u00ff\u00ff\u00ff\u0085K\u0001\u0085" + End, "from 0 on")]
    [InlineData(Start + "K\0K\u0002\u0085)" + End, "1 sizes and 0 strides")]
    [InlineData(Start + "K\0\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f\u0085K\0\u0085" + End, "larger than any file")]
    [InlineData(Start + "K\0J\u00ff\u00ff\u00ff\u007f\u0085K\0\u0085" + End, "bytes, the file")] // one element two billion times
    public void A_tensor_that_leaves_its_storage_is_refused(string pickle, string said) => Assert.Contains(said, Refusal(Archive(pickle)));

    [Fact]
    public void A_storage_that_is_missing_short_or_larger_than_the_file_is_refused()
    {
        Assert.Contains("lacks 'a/data/0'", Refusal(Write(MadeArchive.Of(Latin(Good)))));
        Assert.Contains("should have 8 bytes, it has 7", Refusal(Write(MadeArchive.Of(Latin(Good), ("a/data/0", new byte[7])))));
        var large = Good.Replace("K\u0002tQ", "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007ftQ", StringComparison.Ordinal);
        Assert.Contains("the file has", Refusal(Archive(large)));
    }

    [Fact]
    public void Big_endian_numbers_are_refused_by_name()
    {
        Assert.Contains("big-endian", Refusal(Write(MadeArchive.Of(Latin(Good), ("a/data/0", new byte[8]), ("a/byteorder", Latin("big"))))));
        var old = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "pytorch", "named.legacy.pt"));
        var at = old.AsSpan().IndexOf("little_endian"u8) + "little_endian".Length;
        old[old.AsSpan(at).IndexOf((byte)0x88) + at] = 0x89;
        Assert.Contains("big-endian", Refusal(Write(old)));
    }

    [Fact]
    public void Archives_that_repeat_overlap_compress_or_lie_are_refused()
    {
        var twice = Archive();
        twice.AddAgain(0);
        Assert.Contains("'a/data.pkl' twice", Refusal(Write(twice.End())));
        var renamed = Archive();
        renamed.AddAgain(1, "a/data/1");
        Assert.Contains("another name in its own header", Refusal(Write(renamed.End())));
        Assert.Contains("compressed", Refusal(Write(Archive(method: 8).End())));
        Assert.Contains("beyond its end", Refusal(Write(Archive().End(countMore: 1000))));
        Assert.Contains("beyond its end", Refusal(Write(Archive().End(countMore: 1))));
        Assert.Contains("cut off", Refusal(Write(Archive().End()[..^1])));
        Assert.Contains("without a data.pkl", Refusal(Write(new MadeArchive().End())));
    }

    [Fact]
    public void Files_of_an_archive_that_overlap_are_refused()
    {
        var archive = Archive();
        // The pickle is said to reach into the file after it.
        var bytes = archive.End();
        var directory = bytes.AsSpan().IndexOf(BitConverter.GetBytes(0x02014b50u));
        foreach (var at in new[] { directory + 20, directory + 24 })
            BitConverter.GetBytes(Latin(Good).Length + 10).CopyTo(bytes, at);
        Assert.Contains("overlap", Refusal(Write(bytes)));
    }

    [Fact]
    public void A_TorchScript_program_is_refused() =>
        Assert.Contains("TorchScript", Refusal(Write(MadeArchive.Of(Latin(Good), ("a/constants.pkl", [])))));

    [Fact]
    public void Dictionaries_that_cannot_be_told_apart_are_named()
    {
        var part = Good[3..^2]; // without the protocol, the dictionary and the end
        var two = "\u0080\u0002}(X\u0001\0\0\0a}" + part + "sX\u0001\0\0\0b}" + part + "su.";
        Assert.Contains("'a', 'b'", Refusal(Archive(two)));
    }

    [Fact]
    public void A_hundred_thousand_lists_in_each_other_are_no_danger() =>
        Assert.Contains("a list", Refusal(Archive(new string(']', 100_000) + new string('a', 99_999) + ".")));

    [Fact]
    public void Containers_that_double_again_and_again_take_no_more_than_their_pickle()
    {
        // Each list holds the one before it twice: 2^2000 leaves, were they walked.
        var bomb = new StringBuilder("]q\0");
        for (var i = 1; i < 2000; i++)
            bomb.Append("](h\0h\0eq\0");
        Assert.Contains("a list", Refusal(Archive(bomb + ".")));
        // One list of a thousand made into a dictionary a thousand times.
        var copies = "](" + string.Concat(Enumerable.Repeat("]K\u0001aK\u0001a", 1000)) + "eq\0" + string.Concat(Enumerable.Repeat("ccollections\nOrderedDict\nh\0\u0085R0", 1000));
        Assert.Contains("copies more than it is long", Refusal(Archive(copies + ".")));
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static MadeArchive Archive(ushort method = 0)
    {
        var archive = new MadeArchive { Method = method };
        archive.Add("a/data.pkl", Latin(Good));
        archive.Add("a/data/0", [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)]);
        return archive;
    }

    private string Archive(string pickle) => Write(MadeArchive.Of(Latin(pickle), ("a/data/0", [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)])));

    private string Write(byte[] content) => _folder.Write($"{Guid.NewGuid():N}.pt", content);

    private static string Refusal(string path)
    {
        var error = Assert.Throws<DecantException>(() => PyTorchFile.Open(path)).Message;
        Assert.StartsWith(path, error);
        return error;
    }
}
