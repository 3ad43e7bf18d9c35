namespace Decant.Text;

/// <summary>Decodes ids as they come, one after the other; bytes that are no whole character yet are held back until they are.</summary>
/// <remarks>What it gives, put together, is what <see cref="ITokenizer.Decode"/> gives for all ids at once. Not safe to use from several threads.</remarks>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="keepSpecial">Whether special tokens are written too; default: off.</param>
public sealed class TokenStream(ITokenizer tokenizer, bool keepSpecial = false)
{
    private readonly List<int> _ids = []; // the last ones given, for what decoding needs of them, and those held back
    private string _given = "";
    private int _read;

    /// <summary>Takes one more id and gives the text that is whole now, which may be empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has the id.</exception>
    public string Add(int id)
    {
        _ids.Add(id);
        var text = Decoded();
        if (text.Length <= _given.Length || text.EndsWith('\uFFFD')) return "";
        var added = text[_given.Length..];
        _ids.RemoveRange(0, _read);
        _read = _ids.Count;
        _given = Decoded();
        return added;
    }

    /// <summary>Gives what was held back; the stream begins anew.</summary>
    public string End()
    {
        var text = Decoded();
        var rest = text.Length > _given.Length ? text[_given.Length..] : "";
        _ids.Clear();
        (_given, _read) = ("", 0);
        return rest;
    }

    private string Decoded() => tokenizer.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids), keepSpecial);
}
