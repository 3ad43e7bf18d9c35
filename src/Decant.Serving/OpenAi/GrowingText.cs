using System.Text;
using Decant.Inference;

namespace Decant.Serving.OpenAi;

/// <summary>A continuation as it is put together, with the tokens that came since it was last written.</summary>
/// <param name="continuation">The tokens; stays the caller's.</param>
internal abstract class GrowingText(TextContinuation continuation)
{
    private int _offset;

    /// <summary>The tokens since the last time, where they were asked for, with the places of their texts.</summary>
    protected List<(TokenLogprob Logprob, int Offset)> Tokens { get; } = [];

    /// <summary>Why it ended, in the words of OpenAI's API; null while it goes on.</summary>
    protected string? FinishReason => continuation.End switch { null => null, GeneratedEnd.StopToken or GeneratedEnd.StopText => "stop", _ => "length" };

    /// <summary>The next piece of text; null: it has ended.</summary>
    public string? Next()
    {
        if (continuation.End is not null)
            return null;
        var before = continuation.Tokens;
        var piece = continuation.Next();
        if (continuation.Tokens > before && continuation.Logprob is { } logprob)
            Tokens.Add((logprob, _offset));
        _offset += piece.Length;
        return continuation.End is null ? piece : piece + continuation.Rest();
    }

    /// <summary>All of it.</summary>
    public string All(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (Next() is { } piece)
        {
            text.Append(piece);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return text.ToString();
    }

    /// <summary>The text of a token alone.</summary>
    protected string TextOf(int id) => continuation.TextOf(id);
}
