using System.Runtime.InteropServices;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Training.Unigram;
using Original = Tokenizers.DotNet.Tokenizer;

namespace Decant.Tests.Text;

/// <summary>Ids and decoded text against the original library, <c>tokenizers</c> in Rust, on 2,000 hard texts for every tokenizer.</summary>
public class OriginalTokenizerTests
{
    private const int Texts = 2000;
    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers");

    public static TheoryData<string> Own => ["byte-bpe", "byte-bpe-lower", "wordpiece", "wordpiece-cased", "unigram", "cases/added-token-decode", "cases/added-tokens-of-config", "cases/zero-width-split"];

    [Theory]
    [MemberData(nameof(Own))]
    public void A_tokenizer_of_the_repository_gives_the_originals_ids_and_text(string name) => Compare(Path.Combine(s_golden, name, "tokenizer.json"));

    public static TheoryData<string> Excerpts => ["bert-base-uncased/vocab.txt", "bert-base-chinese/vocab.txt", "bert-loader-fixtures/ner_bert/vocab.txt", "stories260K/hf/tokenizer.model"];

    [Theory]
    [MemberData(nameof(Excerpts))]
    public void A_published_tokenizer_of_the_repository_gives_the_originals_ids_and_text(string name) => Compare(RealData.Find(name));

    public static TheoryData<string> Published =>
    [
        "bert-base-uncased/tokenizer.json", "gpt2/tokenizer.json", "gpt2/vocab.json", "roberta-base/tokenizer.json", "roberta-base/vocab.json",
        "t5-small/tokenizer.json", "tinyllama/tokenizer.json", "tinyllama/tokenizer.model", "sentencepiece/test_sentencepiece.model", "sentencepiece/test_sentencepiece_bpe.model",
    ];

    [Theory]
    [MemberData(nameof(Published))]
    public void A_published_tokenizer_gives_the_originals_ids_and_text(string name) => Compare(TestData.Need(Path.Combine("tokenizers", name)));

    public static TheoryData<string> Checkpoints => ["minilm-l6-f16/vocab.txt", "bert-loader-fixtures/bert/vocab.txt"];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void The_tokenizer_of_a_published_checkpoint_gives_the_originals_ids_and_text(string name) => Compare(TestData.Need(Path.Combine("checkpoints", name)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_unigram_tokenizer_that_was_trained_here_gives_the_originals_ids_and_text(bool bytes)
    {
        using var folder = new TemporaryFolder();
        TokenizerFile.Save(new UnigramOptions { Vocabulary = 600, Coverage = 1, ByteFallback = bytes }.Train(File.ReadAllLines(Path.Combine(s_golden, "corpus.txt"))), folder.Path, maxTokens: 64);
        Compare(Path.Combine(folder.Path, "tokenizer.json"));
    }

    /// <summary>A file that is no tokenizer.json is compared as the one that it is saved as.</summary>
    private static void Compare(string file)
    {
        OriginalLibrary.Need();
        using var folder = new TemporaryFolder();
        var tokenizer = TokenizerFile.Load(file);
        TokenizerFile.Save(tokenizer, folder.Path, maxTokens: 1 << 20);
        using var original = new Original(Path.Combine(folder.Path, "tokenizer.json"));
        // The package hands texts over as strings that end at the first zero.
        string[] texts = [.. HardTexts.Some(Texts * 2, seed: 23).Where(text => !text.Contains('\0', StringComparison.Ordinal)).Take(Texts)];
        Assert.Equal(Texts, texts.Length);
        var faults = texts.Select(text => Difference(text, original, tokenizer)).OfType<string>().Take(5).ToArray();
        Assert.True(faults.Length == 0, $"{file}:\n{string.Join('\n', faults)}");
    }

    private static string? Difference(string text, Original original, ITokenizer tokenizer)
    {
        var theirs = Array.ConvertAll(original.Encode(text), id => (int)id);
        var ours = tokenizer.EncodeForModel(text, null, int.MaxValue).Ids;
        if (!theirs.SequenceEqual(ours)) return $"'{text}': expected {string.Join(' ', theirs)}, came {string.Join(' ', ours)}";
        var (said, came) = (original.Decode([.. ours.Select(id => (uint)id)]), tokenizer.Decode(ours));
        return said == came ? null : $"'{text}': expected the text '{said}', came '{came}'";
    }
}

/// <summary>The original library, whose native part there is for some platforms alone.</summary>
internal static class OriginalLibrary
{
    private static readonly Lazy<string?> s_missing = new(Missing);

    /// <summary>Skips the test where it does not load.</summary>
    public static void Need() => Assert.SkipWhen(s_missing.Value is not null, s_missing.Value ?? "");

    private static string? Missing()
    {
        try
        {
            using var folder = new TemporaryFolder();
            using var made = new Original(folder.Write("tokenizer.json", """{"version":"1.0","added_tokens":[],"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}}"""));
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException or PlatformNotSupportedException)
        {
            return $"The native part of Tokenizers.DotNet does not load on {RuntimeInformation.RuntimeIdentifier}: {e.Message}";
        }
    }
}
