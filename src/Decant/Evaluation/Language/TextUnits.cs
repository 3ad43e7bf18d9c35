using Decant.Data.Tokens;

namespace Decant.Evaluation.Language;

/// <summary>
/// The parts of a running text that are taken for independent of each other: its documents, or where it has few, blocks of it. Windows of T tokens are not: neighbours
/// share a subject, a style and how hard they are, and an interval that draws them one by one is too narrow.
/// </summary>
/// <remarks>
/// <para>Documents from <see cref="FewestDocuments"/> on (the cluster bootstrap; Cameron, Gelbach and Miller 2008). With fewer, the variance between documents cannot be estimated; blocks of
/// neighbouring windows then represent other passages of the same documents (the block bootstrap with blocks that do not overlap: Carlstein 1986, Künsch 1989, Lahiri 2003).</para>
/// <para>A block has b = ⌈2·W^(1/3)⌉ of the W windows, and never more than half of them. The best length of such blocks for a variance grows with W^(1/3); where windows
/// are correlated as an autoregression with coefficient ρ it is (2ρ ÷ (1 − ρ²))^(2/3)·W^(1/3) (Carlstein 1986), which is 2·W^(1/3) at ρ = 0.7. Windows that are correlated less
/// get blocks longer than need be, which costs degrees of freedom and not coverage.</para>
/// </remarks>
internal sealed class TextUnits
{
    /// <summary>Documents with text in them, from which on documents are drawn and not blocks.</summary>
    public const int FewestDocuments = 10;

    private readonly TokenFile _file;
    private readonly long _blockTokens; // 0: documents
    private readonly TextUnits? _alike;

    /// <summary>The units of a text.</summary>
    /// <param name="file">The text; not disposed by this, and used as long as units are requested.</param>
    /// <param name="windowTokens">T, the tokens of a window; 1 or more.</param>
    public TextUnits(TokenFile file, int windowTokens)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windowTokens);
        _file = file;
        if (file.Documents - file.EmptyDocuments >= FewestDocuments)
            return;
        var windows = (file.Count + windowTokens - 1) / windowTokens;
        var half = Math.Max(1, (file.Count + 1) / 2);
        _blockTokens = Math.Min(half, WindowsOfBlock(windows) * windowTokens);
    }

    /// <summary>The same units of the same text in the tokens of another tokenizer: a token belongs to the unit that holds its first byte.</summary>
    /// <param name="file">The text in other tokens; not disposed by this.</param>
    /// <param name="alike">The units.</param>
    public TextUnits(TokenFile file, TextUnits alike)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(alike);
        (_file, _alike, _blockTokens) = (file, alike, alike._blockTokens);
    }

    /// <summary><c>document</c> or <c>block</c>.</summary>
    public string Name => _blockTokens == 0 ? "document" : "block";

    /// <summary>The unit that a token of the text belongs to, numbered from 0.</summary>
    public long Of(long token) => _blockTokens == 0 ? _file.DocumentOf(token) : (_alike is null ? token : _alike._file.TokenAt(_file.BytesBefore(token))) / _blockTokens;

    /// <summary>The bytes of UTF-8 that a token says, such that those of all tokens sum to the text's.</summary>
    public long BytesOf(long token) => _file.BytesBefore(token + 1) - _file.BytesBefore(token);

    /// <summary>⌈2·W^(1/3)⌉.</summary>
    internal static long WindowsOfBlock(long windows) => (long)Math.Ceiling(2 * Math.Cbrt(windows));
}
