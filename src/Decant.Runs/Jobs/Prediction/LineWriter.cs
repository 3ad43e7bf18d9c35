using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>Writes answers as JSON, one line each.</summary>
internal sealed class LineWriter
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The line of an answer, or of what is wrong with its line.</summary>
    public string Line(PredictInput input, LineAnswer? answer, bool isCut, string? fault)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, s_options))
        {
            json.WriteStartObject();
            foreach (var field in input.Fields)
            {
                json.WritePropertyName(field.Name);
                json.WriteRawValue(field.Value.GetRawText(), skipInputValidation: true);
            }

            if (fault is not null)
                json.WriteString("error", fault);
            else
                Write(json, answer!.Value, isCut);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, LineAnswer answer, bool isCut)
    {
        json.WriteStartObject("prediction");
        answer.Write(json);
        json.WriteEndObject();
        if (isCut)
            json.WriteBoolean("truncated", true);
    }
}
