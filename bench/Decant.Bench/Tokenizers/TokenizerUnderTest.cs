using Decant.Text;
using Decant.Text.Files;

namespace Decant.Bench.Tokenizers;

/// <summary>A tokenizer as Decant has it, and the files in which its peers find it.</summary>
internal sealed class TokenizerUnderTest : IDisposable
{
    private readonly DirectoryInfo _saved = Directory.CreateTempSubdirectory("decant-bench-");

    /// <summary>Loads it.</summary>
    /// <param name="path">Its folder or file.</param>
    /// <exception cref="DecantException">There is none.</exception>
    public TokenizerUnderTest(string path)
    {
        (Source, Tokenizer) = (path, TokenizerFile.Load(path));
        var (whole, text) = (Encode("a"), Tokenizer.Encode("a"));
        (Begin, End) = text.Length == 0 ? (null, null) : (Added(whole[0], text[0]), Added(whole[^1], text[^1]));
    }

    public string Source { get; }

    public ITokenizer Tokenizer { get; }

    /// <summary>The token that stands before every text, or null.</summary>
    public string? Begin { get; }

    /// <summary>The token that stands after every text, or null.</summary>
    public string? End { get; }

    public int[] Encode(string text) => Tokenizer.EncodeForModel(text, null, int.MaxValue).Ids;

    /// <summary>A file of that name, if the tokenizer came from it or from its folder.</summary>
    public string? Find(string name)
    {
        var file = Directory.Exists(Source) ? Path.Combine(Source, name) : Path.GetFileName(Source) == name ? Source : null;
        return File.Exists(file) ? file : null;
    }

    /// <summary>Its tokenizer.json: the one that it came from, or the one that Decant saves it as.</summary>
    public string TokenizerJson()
    {
        if (Find("tokenizer.json") is { } own)
            return own;
        TokenizerFile.Save(Tokenizer, _saved.FullName, maxTokens: 1 << 20);
        return Path.Combine(_saved.FullName, "tokenizer.json");
    }

    public void Dispose() => _saved.Delete(recursive: true);

    private string? Added(int outer, int inner) => outer == inner ? null : Tokenizer.TokenOf(outer);
}
