using System.Text;
using System.Text.Json;
using Decant.Inference;

namespace Decant.Serving.OpenAi;

/// <summary>A continuation as it is put together.</summary>
/// <param name="index">Of which prompt.</param>
/// <param name="continuation">The tokens; stays the caller's.</param>
internal sealed class CompletionChoice(int index, TextContinuation continuation)
{
    private readonly List<(TokenLogprob Logprob, int Offset)> _tokens = [];
    private int _offset;

    /// <summary>Of which prompt.</summary>
    public int Index => index;

    /// <summary>The next piece of text; null: it has ended.</summary>
    public string? Next()
    {
        if (continuation.End is not null)
            return null;
        var before = continuation.Tokens;
        var piece = continuation.Next();
        if (continuation.Tokens > before && continuation.Logprob is { } logprob)
            _tokens.Add((logprob, _offset));
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

    /// <summary>Writes a piece, or all, with the tokens that came since the last.</summary>
    public void Write(Utf8JsonWriter json, string text, bool withLogprobs)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteNumber("index", index);
        if (withLogprobs)
            Logprobs(json);
        else
            json.WriteNull("logprobs");
        json.WriteString("finish_reason", continuation.End switch { null => null, GeneratedEnd.StopToken or GeneratedEnd.StopText => "stop", _ => "length" });
        json.WriteEndObject();
        _tokens.Clear();
    }

    private void Logprobs(Utf8JsonWriter json)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("tokens");
        foreach (var (token, _) in _tokens)
            json.WriteStringValue(continuation.TextOf(token.Id));
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var (token, _) in _tokens)
            json.WriteNumberValue(token.Value);
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs");
        foreach (var (token, _) in _tokens)
        {
            json.WriteStartObject();
            // Several ids may have one text, such as parts of a character: the best of them stands for it.
            foreach (var (text, value) in token.Top.Select(t => (Text: continuation.TextOf(t.Id), t.Value)).DistinctBy(t => t.Text))
                json.WriteNumber(text, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("text_offset");
        foreach (var (_, offset) in _tokens)
            json.WriteNumberValue(offset);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
