using System.Text.Json;
using System.Text.Json.Serialization;
using Decant.Modules;

namespace Decant.Models.Configuration;

/// <summary>Activations under the names that published settings have for them; several names may mean one function.</summary>
internal sealed class ActivationConverter : JsonConverter<ActivationKind>
{
    // The first name of a function is the one that is written.
    private static readonly (string Name, ActivationKind Kind)[] s_names =
    [
        ("relu", ActivationKind.Relu), ("gelu", ActivationKind.Gelu), ("gelu_python", ActivationKind.Gelu),
        ("gelu_new", ActivationKind.GeluNew), ("gelu_pytorch_tanh", ActivationKind.GeluNew), ("gelu_fast", ActivationKind.GeluNew),
        ("gelu_accurate", ActivationKind.GeluNew), ("silu", ActivationKind.Silu), ("swish", ActivationKind.Silu), ("tanh", ActivationKind.Tanh),
        ("sigmoid", ActivationKind.Sigmoid), ("leaky_relu", ActivationKind.LeakyRelu), ("quick_gelu", ActivationKind.QuickGelu),
    ];

    public override ActivationKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("an activation is named by a text");
        var found = Array.FindIndex(s_names, n => n.Name == name);
        return found >= 0
            ? s_names[found].Kind
            : throw new JsonException($"the activation '{name}' is not served; served are {string.Join(", ", s_names.Select(n => n.Name))}");
    }

    public override void Write(Utf8JsonWriter writer, ActivationKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(s_names.First(n => n.Kind == value).Name);
}
