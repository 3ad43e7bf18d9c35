using System.Text;
using System.Text.Json;
using Decant.Inference;

namespace Decant.Serving.OpenAi;

/// <summary>A reply as it is put together.</summary>
/// <param name="continuation">The tokens; stays the caller's.</param>
internal sealed class ChatReply(TextContinuation continuation) : GrowingText(continuation)
{
    /// <summary>Writes the whole as a message.</summary>
    public void WriteMessage(Utf8JsonWriter json, string text, bool withLogprobs) => Write(json, "message", text, withLogprobs, isFirst: true);

    /// <summary>Writes a piece of it.</summary>
    public void WriteDelta(Utf8JsonWriter json, string text, bool withLogprobs, bool isFirst) => Write(json, "delta", text, withLogprobs, isFirst);

    private void Write(Utf8JsonWriter json, string member, string text, bool withLogprobs, bool isFirst)
    {
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject(member);
        if (isFirst)
            json.WriteString("role", "assistant");
        json.WriteString("content", text);
        json.WriteEndObject();
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
        json.WriteStartArray("content");
        foreach (var (token, _) in Tokens)
        {
            json.WriteStartObject();
            Token(json, token.Id, token.Value);
            json.WriteStartArray("top_logprobs");
            foreach (var other in token.Top)
            {
                json.WriteStartObject();
                Token(json, other.Id, other.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Token(Utf8JsonWriter json, int id, double value)
    {
        var text = TextOf(id);
        json.WriteString("token", text);
        json.WriteNumber("logprob", value);
        json.WriteStartArray("bytes");
        foreach (var one in Encoding.UTF8.GetBytes(text))
            json.WriteNumberValue(one);
        json.WriteEndArray();
    }
}
