using System.Diagnostics;
using System.Text.Json;
using Decant.Text;

namespace Decant.Tests.Text;

/// <summary>Ids against the package @huggingface/tokenizers, where Node.js and the package are there.</summary>
/// <remarks>
/// That package departs from the original (Rust) library, which ours follows, in: the compiled rules of SentencePiece, for which it has NFKC (so T5 is not
/// compared here); U+FEFF and U+0085, which it takes and does not take for white space; in BERT's normaliser Chinese beyond the basic plane, İ, and sigma at a
/// word's end. Halves of surrogate pairs it writes as the bytes of U+FFFD even where the vocabulary has a token for that, as Llama's has.
/// </remarks>
public class PeerTokenizerTests
{
    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers");

    [PeerFact]
    public void Hard_texts_give_the_peers_ids()
    {
        foreach (var name in new[] { "byte-bpe", "byte-bpe-lower", "wordpiece", "wordpiece-cased" }) Compare(Path.Combine(s_golden, name), name.StartsWith("word", StringComparison.Ordinal), halves: name.StartsWith("byte", StringComparison.Ordinal));
        foreach (var name in new[] { "gpt2", "roberta-base", "tinyllama", "bert-base-uncased" })
            if (TestData.Find(Path.Combine("tokenizers", name)) is { } folder) Compare(folder, name.StartsWith("bert", StringComparison.Ordinal), halves: name is "gpt2" or "roberta-base");
    }

    private static void Compare(string folder, bool isWordPiece, bool halves)
    {
        var texts = HardTexts.Some(600, halves, seed: 11).Where(text => text.IndexOfAny(['\uFEFF', '\u0085', 'Σ', 'İ', 'ẞ']) < 0 && !(isWordPiece && text.Any(char.IsSurrogate))).ToArray();
        Assert.True(texts.Length > 50);
        using var temporary = new TemporaryFolder();
        var file = temporary.Write("texts.json", "[" + string.Join(',', texts.Select(text => $"\"{string.Concat(text.Select(c => $"\\u{(int)c:x4}"))}\"")) + "]");
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(s_golden, "peer_ids.mjs"), folder, file, PeerFactAttribute.Folder!]) { RedirectStandardOutput = true })!;
        var theirs = JsonSerializer.Deserialize<int[][]>(process.StandardOutput.ReadToEnd())!;
        var tokenizer = TokenizerFile.Load(folder);
        for (var i = 0; i < texts.Length; i++)
            Assert.True(theirs[i].SequenceEqual(tokenizer.Encode(texts[i])), $"{folder}: '{texts[i]}': expected {string.Join(' ', theirs[i])}, came {string.Join(' ', tokenizer.Encode(texts[i]))}");
    }
}

/// <summary>A test that needs @huggingface/tokenizers, and says that it was skipped where it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute()
    {
        if (Folder is null) Skip = "Set DECANT_NPM to the folder where 'npm install @huggingface/tokenizers' was run.";
    }

    public static string? Folder => Environment.GetEnvironmentVariable("DECANT_NPM") is { Length: > 0 } folder
        && Directory.Exists(Path.Combine(folder, "node_modules", "@huggingface", "tokenizers")) ? folder : null;
}
