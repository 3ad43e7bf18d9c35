using System.Text.Json;
using Decant.Inference;

namespace Decant.Serving.OpenAi;

/// <summary>A continuation of a prompt as it is put together.</summary>
/// <param name="index">Of which prompt.</param>
/// <param name="continuation">The tokens; stays the caller's.</param>
internal sealed class CompletionChoice(int index, TextContinuation continuation) : GrowingText(continuation)
{
    /// <summary>Of which prompt.</summary>
    public int Index => index;

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
        json.WriteString("finish_reason", FinishReason);
        json.WriteEndObject();
        Tokens.Clear();
    }

    private void Logprobs(Utf8JsonWriter json)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("tokens");
        foreach (var (token, _) in Tokens)
            json.WriteStringValue(TextOf(token.Id));
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var (token, _) in Tokens)
            json.WriteNumberValue(token.Value);
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs");
        foreach (var (token, _) in Tokens)
        {
            json.WriteStartObject();
            // Several ids may have one text, such as parts of a character: the best of them stands for it.
            foreach (var (text, value) in token.Top.Select(t => (Text: TextOf(t.Id), t.Value)).DistinctBy(t => t.Text))
                json.WriteNumber(text, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("text_offset");
        foreach (var (_, offset) in Tokens)
            json.WriteNumberValue(offset);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
